-- Which views are as of longer ago than $1 seconds, and than three times what an admin wants? A check that proved that nothing
-- had changed makes a view as fresh as a refresh does.
select
    status.view_name as "subject!",
    format('it is as of %s UTC', to_char(seen.as_of at time zone 'UTC', 'YYYY-MM-DD HH24:MI')) as "evidence!",
    array['select * from public.refresh_action_analytics()'] as statements,
    null as advice
from public.get_analytics_refresh_status() as status
cross join lateral (select greatest(status.last_refresh, (select checked_at from tidemark.frontier)) as as_of) as seen
where status.last_refresh is not null
    and seen.as_of < now() - greatest(
        make_interval(secs => $1::float8), 3 * coalesce((select every from tidemark.schedule), interval '0')
    )
order by status.view_name
