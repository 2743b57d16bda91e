-- What failed last?
select id, trigger_id, action_type, error_message, executed_at, duration_ms, retry_count
from public.action_results
where status = 'failed' and executed_at < 'infinity'
order by executed_at desc
limit 20
