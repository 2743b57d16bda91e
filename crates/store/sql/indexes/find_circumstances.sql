-- Since when does Postgres count, and may others use an index that is unused here?
select
    coalesce(stats_reset, pg_postmaster_start_time()) as stats_since,
    pg_postmaster_start_time() as "started_at!",
    (select count(*) from pg_stat_replication) as "standbys!",
    pg_is_in_recovery() as "is_standby!"
from pg_stat_database
where datname = current_database()
