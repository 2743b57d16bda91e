-- Does anybody refresh the views by schedule: a server that leads, or pg_cron?
select
    'the schedule' as "subject!",
    case
        when paused.is_paused then
            format('%s paused it at %s UTC', paused.changed_by, to_char(paused.changed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
        else
            'no server leads: none holds the lock for it; and pg_cron '
                || case when tidemark.may_see_cron() then 'has no active job for it' else 'is not here' end
    end as "evidence!",
    case
        when paused.is_paused then array[
            'update tidemark.schedule set is_paused = false, changed_by = ''doctor'', changed_at = now()'
        ]
        when cron.statement is not null then array[cron.statement]
    end as statements,
    case when paused.is_paused is null then 'tidemark serve, or pg_cron, or a cron line with tidemark refresh' end as advice
from tidemark.statement_for_cron() as cron (statement)
left join tidemark.schedule as paused on paused.is_paused
where paused.is_paused or not (
    tidemark.has_cron_job()
    or exists (
        select
        from pg_locks
        where locktype = 'advisory' and classid = 1953064037 and objid = 2 and granted
            and database = (select oid from pg_database where datname = current_database())
    )
)
