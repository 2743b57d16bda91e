-- A view refreshed by hand is fresh too: where Tidemark may notice that, it is logged like any other refresh.
-- Noticing needs an event trigger, which only a superuser may make; without it the log knows only Tidemark's own runs.

create function tidemark.log_refresh_by_hand()
returns event_trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- In these isolation levels the view shows what was there when the transaction began.
    as_of constant timestamptz := case
        when current_setting('transaction_isolation') in ('repeatable read', 'serializable')
        then transaction_timestamp()
        else statement_timestamp()
    end;
    name text;
    run bigint;
    counted bigint;
begin
    if current_setting('tidemark.refreshing', true) = 'on' then
        return;
    end if;
    for name in
        select class.relname
        from pg_event_trigger_ddl_commands() as command
        join pg_class as class on command.classid = 'pg_class'::regclass and class.oid = command.objid
        where class.relnamespace = 'public'::regnamespace
            and class.relispopulated
            and class.relname in (
                'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
            )
    loop
        execute format('select count(*) from public.%I', name) into counted;
        run := nextval('tidemark.refresh_runs');
        insert into tidemark.refresh_log (
            run_id, view_name, started_at, data_as_of, duration_ms, rows, asked_by, success
        )
        values (
            run, name, as_of, as_of,
            tidemark.milliseconds_between(statement_timestamp(), clock_timestamp()), counted,
            coalesce(nullif(current_setting('tidemark.asked_by', true), ''), session_user), true
        );
        perform pg_notify('tidemark_refreshed', run::text);
    end loop;
exception
    -- Whatever is wrong here, somebody else's refresh must not fail of it.
    when others then raise debug 'a refresh by hand could not be logged: %', sqlerrm;
end
$$;
comment on function tidemark.log_refresh_by_hand() is 'Logs refresh materialized view on one of the four views.';
revoke all on function tidemark.log_refresh_by_hand() from public;

do $$
begin
    create event trigger tidemark_refresh_by_hand
        on ddl_command_end
        when tag in ('REFRESH MATERIALIZED VIEW')
        execute function tidemark.log_refresh_by_hand();
    comment on event trigger tidemark_refresh_by_hand is 'Notices refreshes by hand.';
exception
    when insufficient_privilege then
        raise notice 'refreshes by hand will not be logged: only a superuser may make the event trigger for that';
end
$$;
