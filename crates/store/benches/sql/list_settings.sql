-- What do the figures depend on? The server and its settings.
select 'PostgreSQL' as name, current_setting('server_version') as value
union all
select name, current_setting(name)
from pg_settings
where name in (
    'shared_buffers', 'work_mem', 'maintenance_work_mem', 'max_wal_size', 'checkpoint_timeout', 'fsync',
    'full_page_writes', 'synchronous_commit', 'autovacuum', 'jit', 'max_parallel_workers_per_gather'
)
