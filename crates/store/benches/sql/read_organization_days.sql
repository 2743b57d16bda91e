-- What did the triggers of the organization $1 run on each of the last 30 days? As an array their ids are looked up by
-- index; with `in (select …)` the rows of all triggers would be added up first.
select day, status, sum(executions)::bigint as executions
from tidemark.live_trigger_executions_daily
where trigger_id = any (array(select id from public.triggers where organization_id = $1))
    and day >= now() - interval '30 days'
group by day, status
order by day
