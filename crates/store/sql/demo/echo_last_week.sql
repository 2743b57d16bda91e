-- What ran exactly one week before this span? It runs again, a bounded number of rows at once.
-- The new id follows from the old one, so that several servers, or one that starts again, make each echo once.
insert into public.action_results (
    id, job_id, trigger_id, event_id, action_type, status, executed_at, duration_ms, error_message, response_data,
    retry_count
)
select
    'echo-' || md5(id), job_id, trigger_id, event_id, action_type, status, executed_at + interval '168 hours',
    duration_ms, error_message, response_data, retry_count
from public.action_results
where executed_at > $1::timestamptz - interval '168 hours' and executed_at <= $2::timestamptz - interval '168 hours'
order by executed_at
limit $3
on conflict (id) do nothing
