-- How often did each of the triggers $1 run on each UTC day from $2 on and before $3?
select trigger_id as "trigger_id!", day as "day!", sum(executions)::bigint as "executions!"
from tidemark.live_trigger_executions_daily
where trigger_id = any ($1) and day >= $2 and day < $3
group by trigger_id, day
