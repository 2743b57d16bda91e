-- What did the trigger $1 run in each of the last 720 hours?
select hour, status, sum(executions)::bigint as executions
from tidemark.live_trigger_executions_hourly
where trigger_id = $1 and hour >= now() - interval '30 days'
group by hour, status
order by hour
