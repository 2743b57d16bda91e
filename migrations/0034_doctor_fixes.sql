-- Jobs of pg_cron, once more: what mends each, also where nobody may look at them, where its log is switched off, and where
-- a run that is under way hides how the last one ended.

drop function tidemark.cron_problems();

create function tidemark.may_see_cron()
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- By its name alone even looking for a table is refused to who may not use its schema.
    if not exists (select from pg_namespace where nspname = 'cron' and has_schema_privilege(oid, 'usage')) then
        return false;
    end if;
    return coalesce(has_table_privilege(to_regclass('cron.job'), 'select'), false)
        and coalesce(has_table_privilege(to_regclass('cron.job_run_details'), 'select'), false);
end
$$;
comment on function tidemark.may_see_cron() is 'Whether pg_cron''s tables are there, for who asks.';
revoke all on function tidemark.may_see_cron() from public;

create function tidemark.has_cron_job()
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    answer boolean := false;
begin
    if tidemark.may_see_cron() then
        execute $query$
            select exists (
                select
                from cron.job
                where active and command ~ 'refresh_action_analytics' and database = pg_catalog.current_database()
            )
        $query$
        into answer;
    end if;
    return answer;
end
$$;
comment on function tidemark.has_cron_job() is 'Whether an active job of pg_cron refreshes the views of this database.';
revoke all on function tidemark.has_cron_job() from public;

create function tidemark.cron_problems()
returns table (subject text, evidence text, statements text[], advice text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Without its library, or to who may not read settings, there is none.
    is_logged constant boolean := coalesce((select setting = 'on' from pg_settings where name = 'cron.log_run'), true);
begin
    if not tidemark.may_see_cron() then
        return;
    end if;
    return query
    select
        'pg_cron', 'the extension is there, but Postgres was started without its library, so no job runs', null::text[],
        'pg_cron in shared_preload_libraries, and a restart of Postgres'
    where exists (select from pg_extension where extname = 'pg_cron')
        and pg_has_role(current_user, 'pg_read_all_settings', 'usage')
        and not exists (select from pg_settings where name = 'cron.log_run');
    return query execute $query$
        select
            pg_catalog.format('the job %s of pg_cron', job.jobid),
            case
                when not job.active then 'it is not active'
                when newest.status is null then 'it has not run yet'
                else pg_catalog.format(
                    'it failed at %s UTC: %s',
                    pg_catalog.to_char(newest.start_time at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
                    pg_catalog.btrim(pg_catalog.left(newest.return_message, 300), E' \n')
                )
            end,
            case when not job.active then array[pg_catalog.format('select cron.alter_job(%s, active := true)', job.jobid)] end,
            case
                when not job.active then null
                when newest.status is null then
                    pg_catalog.format('waiting for its time, which is %s; else the log of Postgres', job.schedule)
                when newest.return_message ~* 'connect' then pg_catalog.format(
                    'letting pg_cron in: a line for %s from %s in pg_hba.conf, or cron.use_background_workers = on',
                    job.username, job.nodename
                )
                else 'what its message asks for; its next run tells whether that did'
            end
        from cron.job as job
        left join lateral (
            -- How a run ends is not known while it is under way.
            select details.status, details.start_time, details.return_message
            from cron.job_run_details as details
            where details.jobid = job.jobid and details.status in ('failed', 'succeeded')
            order by details.runid desc
            limit 1
        ) as newest on true
        where job.command ~ 'refresh_action_analytics'
            and job.database = pg_catalog.current_database()
            and (not job.active or newest.status = 'failed' or (newest.status is null and $1))
        order by job.jobid
    $query$
    using is_logged;
    return query
    select
        'the log of pg_cron',
        format('some %s runs are kept in cron.job_run_details', to_char(class.reltuples, 'FM999,999,999,999')),
        array[$statement$delete from cron.job_run_details where end_time < now() - interval '7 days'$statement$],
        null::text
    from pg_class as class
    where class.oid = to_regclass('cron.job_run_details') and class.reltuples > 1000000;
end
$$;
comment on function tidemark.cron_problems() is
    'What is wrong with the jobs of pg_cron that refresh the views, and what mends it: statements, or advice; nothing where that extension is not there.';
revoke all on function tidemark.cron_problems() from public;

-- A view that somebody dropped is made again by who installs the views, which looked for one of them alone until now.

create function tidemark.has_all_views()
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
return (
    select count(*) = 4
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'm' and relname in (
        'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
    )
);
comment on function tidemark.has_all_views() is 'Whether none of the four views was dropped.';

do $$
declare
    definition constant text := pg_get_functiondef('tidemark.install_views()'::regprocedure);
    looks_for_one constant text := 'if to_regclass(''public.action_metrics_hourly'') is not null and exists (';
begin
    if position(looks_for_one in definition) = 0 then
        raise exception 'tidemark.install_views() is not as it was when this was written';
    end if;
    execute replace(definition, looks_for_one, 'if tidemark.has_all_views() and exists (');
end
$$;
