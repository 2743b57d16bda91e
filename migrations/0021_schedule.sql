-- What an admin says about refreshes from the page: a pause, another rhythm, one view alone. Whichever server leads obeys.

create table tidemark.schedule (
    is_only boolean primary key default true check (is_only),
    is_paused boolean not null default false,
    profile text check (profile in ('live', 'production', 'development', 'low-traffic')),
    every interval check (every between interval '1 second' and interval '20 days'),
    changed_by text not null,
    changed_at timestamptz not null default now(),
    constraint schedule_rhythm check (profile is null or every is null)
);
comment on table tidemark.schedule is
    'At most one row: what an admin said about refreshes. Without a rhythm here that of the server''s settings holds.';
comment on column tidemark.schedule.every is 'From one refresh to the next, where no profile is named.';

create function tidemark.refresh_one(view_name text)
returns table (refresh_duration_ms integer, rows_refreshed bigint, success boolean, error_message text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    asked_by constant text := coalesce(nullif(current_setting('tidemark.asked_by', true), ''), session_user);
    run constant bigint := nextval('tidemark.refresh_runs');
    began timestamptz;
    view_began timestamptz;
    fold record;
    fold_ms integer;
    view record;
begin
    if refresh_one.view_name not in (
        'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
    ) then
        raise exception 'there is no view % to refresh', refresh_one.view_name;
    end if;
    perform tidemark.refuse_old_snapshot('tidemark.refresh_one()');
    perform tidemark.take_turn();
    began := clock_timestamp();
    fold := tidemark.fold();
    fold_ms := tidemark.milliseconds_between(began, clock_timestamp());
    perform set_config('tidemark.refreshing', 'on', true);
    view_began := clock_timestamp();
    view := tidemark.refresh_changed_view(refresh_one.view_name);
    insert into tidemark.refresh_log (
        run_id, view_name, started_at, data_as_of, duration_ms, rows, asked_by, success, error_message,
        change_number, catalog_version, frontier_at, waited_ms, fold_ms, rows_folded, late_rows, was_needed
    )
    values (
        run, refresh_one.view_name, now(), began, tidemark.milliseconds_between(view_began, clock_timestamp()), view.rows,
        asked_by, view.failure is null, view.failure,
        fold.change_number, view.catalog_version, fold.frontier_at, fold.waited_ms, fold_ms,
        fold.rows_folded, fold.late_rows, view.was_needed
    );
    perform set_config('tidemark.refreshing', '', true);
    perform pg_notify('tidemark_refreshed', run::text);
    return query
    select tidemark.milliseconds_between(view_began, clock_timestamp())::integer, view.rows, view.failure is null, view.failure;
end
$$;
comment on function tidemark.refresh_one(text) is
    'Brings the rollups up to date and refreshes one of the four views, unless it is proven unchanged.';
revoke all on function tidemark.refresh_one(text) from public;
