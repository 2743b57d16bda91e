-- Where do the rows of the files wait until all of them are known to be good?
-- `content_hash` stands for the rows that bring no id.
create temporary table import_rows (
    row_number bigint not null,
    file_number integer not null,
    line bigint not null,
    id text,
    content_hash text,
    job_id text not null,
    trigger_id text,
    event_id text,
    action_type text not null,
    status text not null,
    executed_at timestamptz,
    duration_ms integer,
    error_message text,
    response_data jsonb,
    retry_count integer
)
