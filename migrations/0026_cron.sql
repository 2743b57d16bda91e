-- Jobs of pg_cron that refresh the views, where that extension is there.

create function tidemark.cron_problems()
returns table (subject text, evidence text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regclass('cron.job') is null or to_regclass('cron.job_run_details') is null then
        return;
    end if;
    return query execute $query$
        select
            pg_catalog.format('the job %s of pg_cron', job.jobid),
            case
                when not job.active then 'it is not active'
                when newest.status is null then 'it never ran'
                else pg_catalog.format(
                    'it failed at %s UTC: %s',
                    pg_catalog.to_char(newest.start_time at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
                    pg_catalog.left(newest.return_message, 300)
                )
            end
        from cron.job as job
        left join lateral (
            select details.status, details.start_time, details.return_message
            from cron.job_run_details as details
            where details.jobid = job.jobid
            order by details.runid desc
            limit 1
        ) as newest on true
        where job.command ~ 'refresh_action_analytics'
            and job.database = pg_catalog.current_database()
            and (not job.active or newest.status is null or newest.status = 'failed')
        order by job.jobid
    $query$;
    return query
    select
        'the log of pg_cron',
        format('some %s runs are kept in cron.job_run_details', to_char(class.reltuples, 'FM999,999,999,999'))
    from pg_class as class
    where class.oid = to_regclass('cron.job_run_details') and class.reltuples > 1000000;
end
$$;
comment on function tidemark.cron_problems() is
    'What is wrong with the jobs of pg_cron that refresh the views; nothing where that extension is not there.';
revoke all on function tidemark.cron_problems() from public;
