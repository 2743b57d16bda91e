-- A refresh folds, then refreshes the views that changed. What is proven unchanged is left alone, and a run that finds
-- nothing at all to do writes nothing but the moment at which it looked.

alter table tidemark.refresh_log
    add column change_number bigint,
    add column catalog_version xid,
    add column frontier_at timestamptz,
    add column waited_ms integer,
    add column fold_ms bigint,
    add column rows_folded bigint,
    add column late_rows bigint,
    add column was_needed boolean not null default true;
comment on column tidemark.refresh_log.change_number is
    'Of the frontier: as long as it stays, and the tail is empty, nothing changed since this refresh.';
comment on column tidemark.refresh_log.catalog_version is
    'Every refresh of a view, also by hand, changes its row in pg_class: another version there means that somebody else refreshed it.';
comment on column tidemark.refresh_log.frontier_at is 'The rollups held the rows before this.';
comment on column tidemark.refresh_log.waited_ms is 'How long the run waited for transactions that were writing.';
comment on column tidemark.refresh_log.fold_ms is 'How long the fold took, the wait included.';
comment on column tidemark.refresh_log.rows_folded is 'Changes that the run added to the rollups.';
comment on column tidemark.refresh_log.late_rows is 'Those of them that came from the log: late rows, updates, deletes.';
comment on column tidemark.refresh_log.was_needed is 'False where the view was proven unchanged, and so left alone.';

create function tidemark.catalog_version(view_name text)
returns xid
language sql stable
set search_path = pg_catalog, pg_temp
return (select xmin from pg_class where oid = to_regclass(format('public.%I', view_name)) and relispopulated);
comment on function tidemark.catalog_version(text) is
    'Which version of its row in pg_class a view has; null when it is not there, or not populated.';

create function tidemark.is_unchanged(view_name text)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    last tidemark.refresh_log;
begin
    select * into last
    from tidemark.refresh_log as log
    where log.view_name = view_name and log.success
    order by log.data_as_of desc
    limit 1;
    if (
        last.change_number = (select change_number from tidemark.frontier)
        and last.catalog_version = tidemark.catalog_version(view_name)
        and not exists (select from tidemark.change_log)
        -- What the view shows of the tail may go without a trace in the frontier only by a delete, which is logged.
        and not exists (
            select
            from public.action_results
            where executed_at >= (select frontier_at from tidemark.frontier) and executed_at < 'infinity'
            limit 1
        )
    ) is not true then
        return false;
    end if;
    -- Nothing left the window of time that the view shows. Each in a statement of its own: a view that somebody dropped
    -- must not be named where others are looked at.
    if view_name = 'recent_failures' then
        return not exists (
            select from public.recent_failures where executed_at < now() - interval '24 hours' limit 1
        );
    elsif view_name = 'action_type_distribution' then
        return not exists (
            select
            from public.action_results
            where executed_at >= last.started_at - interval '30 days' and executed_at < now() - interval '30 days'
            limit 1
        );
    end if;
    return true;
end
$$;
comment on function tidemark.is_unchanged(text) is
    'Whether a view shows what is true now. To be asked right after a fold, by who holds the refresh lock.';

drop function tidemark.refresh_view(bigint, text);

create function tidemark.refresh_changed_view(
    view_name text, out was_needed boolean, out catalog_version xid, out rows bigint, out failure text
)
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
as $$
#variable_conflict use_variable
begin
    -- Before the proof: whoever refreshes the view by hand afterwards is noticed by the next run.
    catalog_version := tidemark.catalog_version(view_name);
    was_needed := tidemark.is_unchanged(view_name) is not true;
    if not was_needed then
        select log.rows into rows
        from tidemark.refresh_log as log
        where log.view_name = view_name and log.success
        order by log.data_as_of desc
        limit 1;
        return;
    end if;
    perform tidemark.refresh_relation(format('public.%I', view_name)::regclass);
    catalog_version := tidemark.catalog_version(view_name);
    execute format('select count(*) from public.%I', view_name) into rows;
exception
    -- A cancelled statement and a server that shuts down are not caught by this: they end the whole run.
    when others then failure := sqlerrm;
end
$$;
comment on function tidemark.refresh_changed_view(text) is
    'Refreshes one view unless it is proven unchanged; tells what went wrong instead of failing.';

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
    asked_by constant text := coalesce(nullif(current_setting('tidemark.asked_by', true), ''), session_user);
    run bigint;
    newest_run bigint;
    -- What is committed by now is in the views afterwards: no snapshot below is older.
    began timestamptz;
    view_began timestamptz;
    fold record;
    fold_ms integer;
    view record;
    name text;
    something_done boolean := false;
begin
    perform tidemark.refuse_old_snapshot('refresh_action_analytics()');
    -- A second caller waits here, and takes over what the first did if that began after the second called.
    perform tidemark.take_turn();
    select log.run_id into newest_run
    from tidemark.refresh_log as log
    where log.view_name = any (names)
    group by log.run_id
    having count(*) = array_length(names, 1)
    order by log.run_id desc
    limit 1;
    if exists (select from tidemark.frontier where checked_at >= called_at)
        or (select min(data_as_of) from tidemark.refresh_log where run_id = newest_run) >= called_at
    then
        run := newest_run;
    else
        began := clock_timestamp();
        fold := tidemark.fold();
        fold_ms := tidemark.milliseconds_between(began, clock_timestamp());
        if not fold.found_changes and tidemark.are_unchanged(names) then
            update tidemark.frontier set checked_at = began;
            run := newest_run;
        else
            run := nextval('tidemark.refresh_runs');
            perform set_config('tidemark.refreshing', 'on', true);
            foreach name in array names loop
                view_began := clock_timestamp();
                view := tidemark.refresh_changed_view(name);
                insert into tidemark.refresh_log (
                    run_id, view_name, started_at, data_as_of, duration_ms, rows, asked_by, success, error_message,
                    change_number, catalog_version, frontier_at, waited_ms, fold_ms, rows_folded, late_rows, was_needed
                )
                values (
                    run, name, now(), began, tidemark.milliseconds_between(view_began, clock_timestamp()), view.rows,
                    asked_by, view.failure is null, view.failure,
                    fold.change_number, view.catalog_version, fold.frontier_at, fold.waited_ms, fold_ms,
                    fold.rows_folded, fold.late_rows, view.was_needed
                );
            end loop;
            perform set_config('tidemark.refreshing', '', true);
        end if;
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
    'Brings the rollups up to date and refreshes the views that changed; one that fails does not stop the others. Of two calls at once the second waits, and reuses the run of the first if that began after the second was called.';

create function tidemark.are_unchanged(view_names text[])
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(bool_and(tidemark.is_unchanged(name) is true), false) from unnest(view_names) as name
$$;
comment on function tidemark.are_unchanged(text[]) is 'Whether all of these views show what is true now.';

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
        select
            named.name, class.oid, coalesce(class.relispopulated, false) as is_populated,
            -- A check that proved that nothing changed makes a view as fresh as a refresh does.
            greatest(newest.data_as_of, case when newest.data_as_of is not null then frontier.checked_at end) as data_as_of
        from unnest(array[
            'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
        ]) with ordinality as named (name, position)
        left join tidemark.frontier on true
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

create function tidemark.pulse()
returns text
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    frontier constant tidemark.frontier := (select frontier from tidemark.frontier);
    answer text;
begin
    select format(
        '%s/%s/%s/%s', frontier.change_number, tail.rows, tail.newest,
        (select format('%s/%s', count(*), max(entry)) from tidemark.change_log)
    )
    into answer
    from (
        select count(*) as rows, max(executed_at) as newest
        from public.action_results
        where executed_at >= frontier.frontier_at and executed_at < 'infinity'
    ) as tail;
    return answer;
end
$$;
comment on function tidemark.pulse() is
    'Changes whenever something was committed that the live views show. Reads the tail by index and the log, which a fold keeps short.';
revoke all on function tidemark.pulse() from public;

do $$
begin
    -- From here on changes are captured; what is there already is counted by build_next, and the plain views answer
    -- until then. A table without rows is built at once.
    perform tidemark.begin_build();
    if not exists (select from public.action_results limit 1) then
        perform tidemark.finish_build();
        perform tidemark.install_views();
    end if;
end
$$;
