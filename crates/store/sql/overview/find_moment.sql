-- Which refresh do the views show, and as of when? The oldest of the four says when; none before all four were refreshed.
select
    min(newest.data_as_of) as "data_as_of!",
    (select run_id from tidemark.refresh_log where success order by run_id desc limit 1) as "data_version!"
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
