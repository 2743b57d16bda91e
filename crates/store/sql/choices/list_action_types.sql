-- Which action types can be chosen? The first $1 by name, of the triggers of the organizations $2 where not all are seen.
select distinct action_type as "action_type!"
from (
    select action_type from tidemark.live_executions_hourly where $2::text[] is null
    union all
    select daily.action_type
    from tidemark.live_trigger_executions_daily as daily
    where daily.trigger_id in (
        select directory.id from tidemark.trigger_directory as directory where directory.organization_id = any($2)
    )
) as seen
order by 1
limit $1
