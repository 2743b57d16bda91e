-- How fresh is each view, how long did its last refresh take, and did one fail since? A check that proved that nothing had
-- changed makes a view that was ever refreshed as fresh as a refresh does.
select
    status.view_name as "view_name!",
    status.row_count as "row_count!",
    status.size_bytes as "size_bytes!",
    case
        when status.last_refresh is not null
        then greatest(status.last_refresh, (select checked_at from tidemark.frontier))
    end as last_refresh,
    success.duration_ms as "last_duration_ms?",
    failure.started_at as "failed_at?",
    failure.error_message as "failure_message?"
from public.get_analytics_refresh_status() as status
left join lateral (
    select log.duration_ms, log.data_as_of
    from tidemark.refresh_log as log
    where log.view_name = status.view_name and log.success
    order by log.data_as_of desc
    limit 1
) as success on true
left join lateral (
    select log.started_at, log.error_message
    from tidemark.refresh_log as log
    where log.view_name = status.view_name
        and not log.success
        and log.data_as_of > coalesce(success.data_as_of, '-infinity')
    order by log.data_as_of desc
    limit 1
) as failure on true
