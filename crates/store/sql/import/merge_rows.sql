-- One slice of the rows that wait becomes action results; those whose id is there already stay as they are.
-- A week is 168 hours here: whatever the time zone of the session, no clock change moves a row by an hour.
insert into public.action_results (
    id, job_id, trigger_id, event_id, action_type, status, executed_at, duration_ms, error_message, response_data,
    retry_count
)
select
    coalesce(staged.id, 'import-' || staged.content_hash || '-' || coalesce(repeats.occurrence, 1)),
    staged.job_id,
    staged.trigger_id,
    staged.event_id,
    staged.action_type,
    staged.status,
    coalesce(staged.executed_at + make_interval(hours => $3 * 168), now()),
    staged.duration_ms,
    staged.error_message,
    staged.response_data,
    coalesce(staged.retry_count, 0)
from import_rows as staged
left join import_repeats as repeats on repeats.row_number = staged.row_number
where staged.row_number > $1 and staged.row_number <= $2
order by staged.row_number
on conflict (id) do nothing
