-- What of this Postgres hurts: settings, connections, old transaction numbers, abandoned slots, a clock of its own?
select 'autovacuum' as "subject!", 'it is off' as "evidence!", 'alter system set autovacuum = on' as "fix!"
where current_setting('autovacuum') = 'off'
union all
select 'track_counts', 'it is off: neither autovacuum nor the use of indexes works without', 'alter system set track_counts = on'
where current_setting('track_counts') = 'off'
union all
select
    'connections',
    format('%s of %s are taken', count(*), current_setting('max_connections')),
    'a pool in front of the database, or a larger max_connections'
from pg_stat_activity
having count(*) > 0.85 * current_setting('max_connections')::integer
union all
select
    'transaction numbers',
    format('the oldest is %s old, of 2,147 million', age(datfrozenxid)),
    'vacuum (freeze), and end what keeps vacuum from it'
from pg_database
where datname = current_database() and age(datfrozenxid) > 1000000000
union all
select
    'the slot ' || slot_name,
    format('nobody reads it, and it keeps %s', pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))),
    format('select pg_drop_replication_slot(%L)', slot_name)
from pg_replication_slots
where not active and not pg_is_in_recovery() and pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) > 1073741824
union all
select
    'clocks',
    format('the database is %s seconds from the server that asks', round(abs(extract(epoch from clock_timestamp() - $1)), 1)),
    'NTP on both'
where abs(extract(epoch from clock_timestamp() - $1::timestamptz)) > 5
