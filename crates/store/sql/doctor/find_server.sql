-- What of this Postgres hurts: settings, connections, old transaction numbers, abandoned slots, spilled sorts, a clock of its
-- own? Connections over the share $1, numbers older than $2, slots that keep over $3 bytes, over $4 spilled bytes a day, a
-- clock that is over $5 seconds from $6. Sessions that idle for over $7 seconds can be ended.
with set_for_database as (
    -- What holds from the next connection on.
    select split_part(entry, '=', 1) as name, split_part(entry, '=', 2) as value
    from pg_db_role_setting
    cross join unnest(setconfig) as entry
    where setrole = 0 and setdatabase = (select oid from pg_database where datname = current_database())
),
setting as (
    select
        coalesce((select value from set_for_database where name = 'track_counts'), current_setting('track_counts'))::boolean
            as track_counts,
        coalesce((select value from set_for_database where name = 'work_mem'), current_setting('work_mem')) as work_mem
)
select
    'autovacuum' as "subject!",
    'it is off' as "evidence!",
    array['alter system set autovacuum = on', 'select pg_reload_conf()'] as statements,
    null as advice
where current_setting('autovacuum') = 'off'
union all
select
    'track_counts',
    'it is off: neither autovacuum nor the use of indexes works without',
    array[format('alter database %I set track_counts = on', current_database())],
    null
from setting
where not track_counts
union all
select
    'connections',
    format('%s of %s are taken, most by %s; %s idle for long', sum(taken), current_setting('max_connections'),
        (array_agg(held_by order by taken desc))[1], sum(idle)),
    case when sum(idle) > 0 then array[format(
        'select pg_terminate_backend(pid) from pg_stat_activity where state = ''idle'' and application_name <> ''tidemark'' and state_change < now() - interval ''%s s''',
        $7::float8
    )] end,
    'a pool in front of the database, or a larger max_connections'
from (
    select
        coalesce(nullif(application_name, ''), 'programs without a name') || ' of ' || usename as held_by,
        count(*) as taken,
        count(*) filter (
            where state = 'idle' and application_name <> 'tidemark' and state_change < now() - make_interval(secs => $7::float8)
        ) as idle
    from pg_stat_activity
    where backend_type = 'client backend'
    group by 1
) as holder
having sum(taken) > $1::float8 * current_setting('max_connections')::integer
union all
select
    'transaction numbers',
    format('the oldest is %s old, of 2,147,483,647%s', to_char(age(datfrozenxid), 'FM9,999,999,999'),
        '; vacuum is kept from it by ' || holder.name),
    case when holder.name is null then array['vacuum (freeze)'] end,
    'the end of what keeps vacuum from it; then vacuum (freeze)'
from pg_database
left join lateral (
    select name
    from (
        select 'pid ' || pid, age(backend_xmin) from pg_stat_activity
        union all
        select 'the prepared transaction ' || gid, age(transaction) from pg_prepared_xacts
        union all
        select 'the slot ' || slot_name, greatest(age(xmin), age(catalog_xmin)) from pg_replication_slots
    ) as held (name, age)
    where held.age > $2::bigint / 2
    order by held.age desc
    limit 1
) as holder on true
where datname = current_database() and age(datfrozenxid) > $2::bigint
union all
select
    'the slot ' || slot_name,
    format('nobody reads it, and it keeps %s', pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))),
    array[format('select pg_drop_replication_slot(%L)', slot_name)],
    null
from pg_replication_slots
where not active and not pg_is_in_recovery() and pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) > $3::bigint
union all
select
    'work_mem',
    format('it is %s, and %s went to disk since %s UTC in %s sorts and joins', work_mem,
        pg_size_pretty(temp_bytes), to_char(since at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), temp_files),
    array[format('alter database %I set work_mem = ''64MB''', current_database())],
    null
from pg_stat_database
cross join setting
cross join lateral (select coalesce(stats_reset, pg_postmaster_start_time()) as since) as counted
where datname = current_database()
    and pg_size_bytes(work_mem) < pg_size_bytes('64MB')
    and temp_bytes > $4::bigint * greatest(extract(epoch from now() - since) / 86400, 1)
union all
select
    'clocks',
    format('the database is %s seconds from the server that asks', round(abs(extract(epoch from clock_timestamp() - $6)), 1)),
    null,
    'NTP on both'
where abs(extract(epoch from clock_timestamp() - $6::timestamptz)) > $5::float8
