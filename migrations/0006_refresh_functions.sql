-- What refreshes the views and tells how fresh they are: pg_cron, a cron line, the scheduler and a person at psql all
-- call the same two functions. They run with the rights of their owner; the owner may call them, and whom the owner
-- grants it, as in: grant execute on function public.refresh_action_analytics() to cron_role.

-- Whoever could use functions of these names in an adopted database can use the new ones: those whom they were granted,
-- and the owners of the views, who alone could refresh them. Refreshing is never left open to public.
create temporary table tidemark_grants on commit drop as
with routines as (
    select oid, proname, proowner, proacl from pg_catalog.pg_proc
    where pronamespace = 'public'::regnamespace
        and proname in ('refresh_action_analytics', 'get_analytics_refresh_status')
)
select routines.proname::text as routine, acl.grantee
from routines
cross join lateral pg_catalog.aclexplode(
    coalesce(routines.proacl, pg_catalog.acldefault('f', routines.proowner))
) as acl
where acl.grantee <> 0 or routines.proname = 'get_analytics_refresh_status'
union
select routines.proname::text, view.relowner
from routines
cross join pg_catalog.pg_class as view
where view.relnamespace = 'public'::regnamespace
    and view.relname in (
        'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
    );

-- One that answers in another shape cannot be replaced, only dropped; if something stands on it, this stops.
do $$
declare
    routine record;
begin
    for routine in
        select oid, oid::regprocedure as name
        from pg_catalog.pg_proc
        where pronamespace = 'public'::regnamespace
            and (proname, pg_catalog.pg_get_function_arguments(oid), coalesce(pg_catalog.pg_get_function_result(oid), ''))
                not in (
                    (
                        'refresh_action_analytics', '',
                        'TABLE(view_name text, refresh_duration_ms integer, rows_refreshed bigint, success boolean, error_message text)'
                    ),
                    (
                        'get_analytics_refresh_status', '',
                        'TABLE(view_name text, row_count bigint, size_bytes bigint, last_refresh timestamp with time zone, age_minutes integer)'
                    )
                )
            and proname in ('refresh_action_analytics', 'get_analytics_refresh_status')
    loop
        execute format('drop routine %s', routine.name);
    end loop;
exception
    when dependent_objects_still_exist then
        raise exception using
            errcode = 'TM001',
            message = format('the function %s cannot be replaced, because something stands on it', routine.name),
            hint = 'Drop what stands on it first; nothing has been changed.';
end
$$;

create function tidemark.refresh_relation(relation regclass)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    can_be_read_meanwhile boolean;
begin
    select class.relispopulated and exists (
        select
        from pg_index as key
        where key.indrelid = class.oid
            and key.indisunique and key.indisvalid and key.indimmediate
            and key.indpred is null and key.indexprs is null
    )
    into can_be_read_meanwhile
    from pg_class as class
    where class.oid = relation;
    execute format(
        'refresh materialized view %s %s', case when can_be_read_meanwhile then 'concurrently' end, relation
    );
end
$$;
comment on function tidemark.refresh_relation(regclass) is
    'Refreshes a materialized view, concurrently wherever Postgres can: that needs data and a unique index.';

create function tidemark.refresh_view(run bigint, name text)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Before the statement that refreshes takes its snapshot: what was committed by now is in it.
    began timestamptz := clock_timestamp();
    counted bigint;
    failure text;
begin
    begin
        perform tidemark.refresh_relation(format('public.%I', name)::regclass);
        if name = 'action_metrics_hourly' then
            perform tidemark.refresh_relation('tidemark.duration_histograms_hourly');
        end if;
        execute format('select count(*) from public.%I', name) into counted;
    exception
        -- A cancelled statement and a server that shuts down are not caught by this: they end the whole run.
        when others then failure := sqlerrm;
    end;
    insert into tidemark.refresh_log (
        run_id, view_name, started_at, data_as_of, duration_ms, rows, asked_by, success, error_message
    )
    values (
        run, name, began, began, tidemark.milliseconds_between(began, clock_timestamp()), counted,
        coalesce(nullif(current_setting('tidemark.asked_by', true), ''), session_user), failure is null, failure
    );
    return failure is null;
end
$$;
comment on function tidemark.refresh_view(bigint, text) is
    'Refreshes one view as part of a run and logs it, also when it fails. Durations go with action_metrics_hourly.';

create or replace function public.refresh_action_analytics()
returns table (
    view_name text, refresh_duration_ms integer, rows_refreshed bigint, success boolean, error_message text
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    names constant text[] := array[
        'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
    ];
    called_at constant timestamptz := clock_timestamp();
    run bigint;
    name text;
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        raise exception using
            errcode = 'feature_not_supported',
            message = format(
                'refresh_action_analytics() cannot run in a %s transaction: the views would show the past, as it was when the transaction began',
                current_setting('transaction_isolation')
            ),
            hint = 'Call it in read committed.';
    end if;

    -- 1953064037 is "tide" in ASCII; the lock ends with the transaction. A second caller waits here.
    perform pg_advisory_xact_lock(1953064037, 1);
    select log.run_id into run
    from tidemark.refresh_log as log
    where log.view_name = any (names) and log.data_as_of >= called_at
    group by log.run_id
    having count(*) = array_length(names, 1)
    order by log.run_id desc
    limit 1;

    if run is null then
        run := nextval('tidemark.refresh_runs');
        perform set_config('tidemark.refreshing', 'on', true);
        foreach name in array names loop
            perform tidemark.refresh_view(run, name);
        end loop;
        perform set_config('tidemark.refreshing', '', true);
        perform pg_notify('tidemark_refreshed', run::text);
    end if;

    return query
    select log.view_name, log.duration_ms::integer, log.rows, log.success, log.error_message
    from tidemark.refresh_log as log
    where log.run_id = run and log.view_name = any (names)
    order by array_position(names, log.view_name);
end
$$;
comment on function public.refresh_action_analytics() is
    'Refreshes the four views, one after the other; one that fails does not stop the others. Of two calls at once the second waits, and reuses the run of the first if that began after the second was called.';

create or replace function public.get_analytics_refresh_status()
returns table (view_name text, row_count bigint, size_bytes bigint, last_refresh timestamptz, age_minutes integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    view record;
begin
    for view in
        select named.name, class.oid, coalesce(class.relispopulated, false) as is_populated, newest.data_as_of
        from unnest(array[
            'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
        ]) with ordinality as named (name, position)
        left join pg_class as class
            on class.relnamespace = 'public'::regnamespace and class.relname = named.name and class.relkind = 'm'
        left join lateral (
            select log.data_as_of
            from tidemark.refresh_log as log
            where log.view_name = named.name and log.success and class.relispopulated
            order by log.data_as_of desc
            limit 1
        ) as newest on true
        order by named.position
    loop
        view_name := view.name;
        row_count := 0;
        if view.is_populated then
            execute format('select count(*) from public.%I', view.name) into row_count;
        end if;
        size_bytes := coalesce(pg_total_relation_size(view.oid), 0);
        last_refresh := view.data_as_of;
        age_minutes := greatest(floor(extract(epoch from clock_timestamp() - view.data_as_of) / 60), 0)::integer;
        return next;
    end loop;
end
$$;
comment on function public.get_analytics_refresh_status() is
    'Rows, bytes and age of the four views. last_refresh is the moment whose data a view shows: the start of its last successful refresh.';

-- A function that was replaced still belongs to whoever made it.
alter function public.refresh_action_analytics() owner to current_user;
alter function public.get_analytics_refresh_status() owner to current_user;
revoke all on function public.refresh_action_analytics() from public;
revoke all on function public.get_analytics_refresh_status() from public;
revoke all on function tidemark.refresh_relation(regclass) from public;
revoke all on function tidemark.refresh_view(bigint, text) from public;

do $$
declare
    grant_kept record;
begin
    for grant_kept in
        select
            kept.routine,
            case kept.grantee
                when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(kept.grantee))
            end as grantee
        from pg_temp.tidemark_grants as kept
    loop
        execute format('grant execute on function public.%I() to %s', grant_kept.routine, grant_kept.grantee);
    end loop;
end
$$;
