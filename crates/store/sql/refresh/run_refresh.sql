-- What came of refreshing the views?
select
    view_name as "view_name!",
    refresh_duration_ms as "duration_ms!",
    coalesce(rows_refreshed, 0) as "rows!",
    success as "success!",
    error_message
from public.refresh_action_analytics()
