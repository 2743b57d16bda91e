-- As of when are the views? The oldest of the four says so; nothing before all four were refreshed. A check that proved
-- that nothing had changed makes all of them as fresh as a refresh does.
select greatest(min(newest.data_as_of), (select checked_at from tidemark.frontier)) as "views_as_of!"
from unnest(array[
    'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
]) as view (name)
cross join lateral (
    select log.data_as_of
    from tidemark.refresh_log as log
    where log.view_name = view.name and log.success
    order by log.data_as_of desc
    limit 1
) as newest
having count(*) = 4
