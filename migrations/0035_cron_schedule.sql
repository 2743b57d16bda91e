-- What makes pg_cron refresh the views where nobody else does.

create function tidemark.statement_for_cron()
returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    job_id bigint;
begin
    if not tidemark.may_see_cron() or to_regprocedure('cron.schedule(text, text, text)') is null then
        return null;
    end if;
    execute $query$
        select jobid
        from cron.job
        where command ~ 'refresh_action_analytics' and database = pg_catalog.current_database() and not active
        order by jobid
        limit 1
    $query$
    into job_id;
    return case
        when job_id is not null then format('select cron.alter_job(%s, active := true)', job_id)
        else 'select cron.schedule(''tidemark'', ''* * * * *'', ''select * from public.refresh_action_analytics()'')'
    end;
end
$$;
comment on function tidemark.statement_for_cron() is
    'The statement that puts a job of pg_cron to work again, or makes one that refreshes the views every minute; null for who sees no pg_cron.';
revoke all on function tidemark.statement_for_cron() from public;
