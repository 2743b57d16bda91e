-- What is Tidemark's own: the log of refreshes, the buckets of durations, and triggers as the pages list them.

create schema if not exists tidemark;
comment on schema tidemark is 'What Tidemark keeps for itself. The names in the schema public are the ones to rely on.';

create sequence tidemark.refresh_runs;
comment on sequence tidemark.refresh_runs is 'Numbers the refreshes; the newest number is the version of the data.';

create table tidemark.refresh_log (
    run_id bigint not null,
    view_name text not null,
    started_at timestamptz not null,
    data_as_of timestamptz not null,
    duration_ms bigint not null,
    rows bigint,
    asked_by text not null,
    success boolean not null,
    error_message text,
    primary key (run_id, view_name)
);
comment on table tidemark.refresh_log is 'What every refresh did to every view.';
comment on column tidemark.refresh_log.view_name is
    'The view; refresh_action_analytics where a run failed as a whole, with nothing refreshed.';
comment on column tidemark.refresh_log.data_as_of is 'Whatever was committed before this moment is in the view.';
comment on column tidemark.refresh_log.rows is 'Rows in the view afterwards; null where it failed or was not counted.';
comment on column tidemark.refresh_log.asked_by is 'The setting tidemark.asked_by, or else the role of the session.';

-- Serves "how fresh is this view": its newest success is the first or second entry.
create index refresh_log_newest on tidemark.refresh_log (view_name, data_as_of desc);
comment on index tidemark.refresh_log_newest is 'The newest refreshes of each view.';

-- The bodies below are parsed here and now: later search paths mean nothing to them, and they can still be inlined.

create function tidemark.duration_bucket(duration_ms integer)
returns integer
language sql immutable parallel safe
return case
    when duration_ms = 0 then -1
    when duration_ms > 0 then
        ceil(ln(duration_ms::float8) / ln((1.0::float8 + 0.01::float8) / (1.0::float8 - 0.01::float8)))::integer
    else
        -2 - ceil(ln(-duration_ms::float8) / ln((1.0::float8 + 0.01::float8) / (1.0::float8 - 0.01::float8)))::integer
end;
comment on function tidemark.duration_bucket(integer) is
    'The logarithmic bucket of a duration (DDSketch, 1% accuracy), the same as bucket_of in crates/domain/src/histogram.rs.';

create function tidemark.clamped(value numeric)
returns numeric
language sql immutable strict parallel safe
return least(greatest(round(value, 2), -99999999.99), 99999999.99);
comment on function tidemark.clamped(numeric) is
    'The nearest value that numeric(10,2) can hold: a duration over 27.8 hours must not break a refresh.';

create function tidemark.milliseconds_between(earlier timestamptz, later timestamptz)
returns integer
language sql immutable strict parallel safe
return least(greatest(extract(epoch from later - earlier) * 1000, 0), 2147483647)::integer;
comment on function tidemark.milliseconds_between(timestamptz, timestamptz) is
    'A duration in whole milliseconds, also past one minute; 0 when the clock stepped back.';

-- An adopted `triggers` may not know organizations: then nobody owns any.
do $$
begin
    execute format(
        'create view tidemark.trigger_directory as
        select id, name, enabled, created_at, %s as organization_id
        from public.triggers',
        case
            when exists (
                select
                from pg_catalog.pg_attribute
                where attrelid = 'public.triggers'::regclass and attname = 'organization_id' and not attisdropped
            )
            then 'organization_id::text'
            else 'null::text'
        end
    );
end
$$;
comment on view tidemark.trigger_directory is 'Triggers in the same shape whether or not they know organizations.';
