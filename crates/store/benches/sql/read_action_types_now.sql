-- How are the executions of the last 30 days spread over action types, as of now?
select action_type, sum(executions)::bigint as executions, sum(duration_sum_ms)::bigint as duration_sum_ms
from tidemark.live_executions_daily
where day >= now() - interval '30 days'
group by action_type
order by executions desc
