-- How do the rows of the files come to the database?
copy import_rows (
    row_number, file_number, line, id, content_hash, job_id, trigger_id, event_id, action_type, status,
    executed_at, duration_ms, error_message, response_data, retry_count
) from stdin
