-- Refreshes the view $1: how long did it take, how many rows has it now, and did it work?
select
    $1::text as "view_name!",
    refresh_duration_ms as "duration_ms!",
    rows_refreshed as "rows!",
    success as "success!",
    error_message
from tidemark.refresh_one($1)
