-- What of this Postgres hurts: settings, connections, old transaction numbers, abandoned slots, spilled sorts, a clock of its
-- own? Connections over the share $1, numbers older than $2, slots that keep over $3 bytes, over $4 spilled bytes a day, a
-- clock that is over $5 seconds from $6.
select
    'autovacuum' as "subject!",
    'it is off' as "evidence!",
    'alter system set autovacuum = on' as "fix!",
    true as "can_be_run!"
where current_setting('autovacuum') = 'off'
union all
select
    'track_counts',
    'it is off: neither autovacuum nor the use of indexes works without',
    format('alter database %I set track_counts = on', current_database()),
    true
where current_setting('track_counts') = 'off'
union all
select
    'connections',
    format('%s of %s are taken', count(*), current_setting('max_connections')),
    'a pool in front of the database, or a larger max_connections',
    false
from pg_stat_activity
having count(*) > $1::float8 * current_setting('max_connections')::integer
union all
select
    'transaction numbers',
    format('the oldest is %s old, of 2,147 million', age(datfrozenxid)),
    'vacuum (freeze), and end what keeps vacuum from it',
    false
from pg_database
where datname = current_database() and age(datfrozenxid) > $2::bigint
union all
select
    'the slot ' || slot_name,
    format('nobody reads it, and it keeps %s', pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))),
    format('select pg_drop_replication_slot(%L)', slot_name),
    true
from pg_replication_slots
where not active and not pg_is_in_recovery() and pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) > $3::bigint
union all
select
    'work_mem',
    format('it is %s, and %s went to disk since %s UTC in %s sorts and joins', current_setting('work_mem'),
        pg_size_pretty(temp_bytes), to_char(since at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), temp_files),
    format('alter database %I set work_mem = ''64MB''', current_database()),
    true
from pg_stat_database
cross join lateral (select coalesce(stats_reset, pg_postmaster_start_time()) as since) as counted
where datname = current_database()
    and pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')
    and temp_bytes > $4::bigint * greatest(extract(epoch from now() - since) / 86400, 1)
union all
select
    'clocks',
    format('the database is %s seconds from the server that asks', round(abs(extract(epoch from clock_timestamp() - $6)), 1)),
    'NTP on both',
    false
where abs(extract(epoch from clock_timestamp() - $6::timestamptz)) > $5::float8
