-- How did the refreshes of each view go, UTC day by UTC day from $1 on?
select
    view_name as "view_name!",
    date_bin('1 day', started_at, '2000-01-01 00:00:00+00') as "day!",
    count(*) filter (where was_needed) as "refreshes!",
    count(*) filter (where not success) as "failures!",
    percentile_cont(0.5) within group (order by duration_ms) filter (where was_needed and success) as median_ms,
    max(duration_ms) filter (where was_needed and success) as longest_ms,
    max(rows) filter (where success) as rows
from tidemark.refresh_log
where started_at >= $1
group by 1, 2
order by 1, 2
