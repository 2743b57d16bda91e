-- Which sessions hold a transaction open and do nothing for over $1 seconds? Vacuum can remove nothing that went since.
select
    'pid ' || pid as "subject!",
    format('%s of %s is idle in a transaction since %s UTC', coalesce(nullif(application_name, ''), 'a session'), usename,
        to_char(state_change at time zone 'UTC', 'YYYY-MM-DD HH24:MI')) as "evidence!",
    array[format('select pg_terminate_backend(%s)', pid)] as statements,
    null as advice
from pg_stat_activity
where datname = current_database() and state like 'idle in transaction%'
    and state_change < now() - make_interval(secs => $1::float8)
