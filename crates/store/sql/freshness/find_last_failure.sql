-- Which refresh failed last, and has not been made good since? A run that failed as a whole is, by any success after it.
select
    failed.started_at as "at!",
    nullif(failed.view_name, 'refresh_action_analytics') as view_name,
    coalesce(failed.error_message, '') as "message!"
from unnest(array[
    'refresh_action_analytics',
    'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
]) as view (name)
cross join lateral (
    select *
    from tidemark.refresh_log as log
    where log.view_name = view.name and not log.success
    order by log.data_as_of desc
    limit 1
) as failed
where not exists (
    select
    from tidemark.refresh_log as later
    where later.success
        and later.view_name = case view.name when 'refresh_action_analytics' then 'action_metrics_hourly' else view.name end
        and later.data_as_of > failed.data_as_of
)
    and not exists (select from tidemark.frontier where frontier.checked_at > failed.data_as_of)
order by failed.data_as_of desc
limit 1
