-- Does this session still lead?
select exists (
    select
    from pg_locks
    where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())
        and classid = 1953064037 and objid = 2 and objsubid = 2
        and pid = pg_backend_pid()
        and granted
) as "leads!"
