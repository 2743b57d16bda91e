-- Which views failed when they were refreshed last, and what did the database say?
select
    newest.view_name as "subject!",
    format('at %s UTC: %s', to_char(newest.started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), left(newest.error_message, 300))
        as "evidence!",
    array['select * from public.refresh_action_analytics()'] as statements,
    null as advice
from (
    select distinct on (view_name) view_name, started_at, success, error_message
    from tidemark.refresh_log
    order by view_name, data_as_of desc
) as newest
where not newest.success
