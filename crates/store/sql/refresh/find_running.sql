-- Who refreshes the views just now, since when, and which view was reached? Whoever has the turn holds its lock, and keeps each
-- view locked from reaching it to the end.
select
    turn.pid as "pid!",
    coalesce(nullif(activity.application_name, ''), 'a session') as "application_name!",
    activity.query_start as "began_at!",
    coalesce(array_agg(class.relname::text) filter (where held.granted), '{}') as "reached!",
    (array_agg(class.relname::text) filter (where not held.granted))[1] as waits_for
from pg_locks as turn
join pg_stat_activity as activity on activity.pid = turn.pid
left join (
    pg_locks as held
    join pg_class as class on class.oid = held.relation and class.relkind = 'm' and class.relnamespace = 'public'::regnamespace
)
    on held.pid = turn.pid and held.locktype = 'relation' and held.database = turn.database
    and held.mode in ('ExclusiveLock', 'AccessExclusiveLock')
where turn.locktype = 'advisory' and turn.classid = 1953064037 and turn.objid = 1 and turn.granted
    and turn.database = (select oid from pg_database where datname = current_database())
    -- A fold alone has the turn too, for a moment.
    and activity.query ~ 'refresh'
group by turn.pid, activity.application_name, activity.query_start
limit 1
