-- Which action types can be chosen? The first $1 by name.
select distinct action_type as "action_type!"
from tidemark.live_executions_hourly
order by 1
limit $1
