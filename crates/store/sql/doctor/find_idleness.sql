-- Does anybody refresh the views by schedule?
select
    'the schedule' as "subject!",
    coalesce(
        (
            select format('%s paused it at %s UTC', changed_by, to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
            from tidemark.schedule
            where is_paused
        ),
        'no server leads: none holds the lock for it'
    ) as "evidence!",
    case
        when exists (select from tidemark.schedule where is_paused) then '/admin/refresh, Go on refreshing'
        else 'tidemark serve, or pg_cron, or a cron line with tidemark refresh'
    end as "fix!",
    false as "can_be_run!"
where exists (select from tidemark.schedule where is_paused)
    or not exists (
        select
        from pg_locks
        where locktype = 'advisory' and classid = 1953064037 and objid = 2 and granted
            and database = (select oid from pg_database where datname = current_database())
    )
