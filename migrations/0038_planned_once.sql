-- What every look at the data asks first, once more. Before Postgres 18, functions in SQL that are no part of the query that
-- asks are planned anew each time, which takes longer than they do; in PL/pgSQL the plan is kept.

create or replace function tidemark.truncated_at()
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (select max(entry) from tidemark.change_log where weight = 0);
end
$$;

create or replace function tidemark.built_frontier()
returns timestamptz
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    built constant timestamptz := (select frontier_at from tidemark.frontier where is_built);
begin
    if built is null then
        raise exception using
            errcode = 'TM002',
            message = 'the rows are still being counted: what is shown stays as it was until that is done',
            hint = 'tidemark status tells how far it is; tidemark migrate goes on with it.';
    elsif exists (select from tidemark.change_log where weight = 2) then
        raise exception using
            errcode = 'TM002',
            message = 'rows went that nobody can tell: what is shown stays as it was until all are counted anew',
            hint = 'Run tidemark migrate.';
    end if;
    -- Waits for who empties the table. A truncate takes rows away from older snapshots too, but not from the rollups
    -- that they show: the catalog as this snapshot shows it and the catalog of now tell whether there was one.
    perform from public.action_results limit 0;
    -- Asked one by one: joined, all of the catalog would be looked through.
    if exists (
        select
        from (
            select 'public.action_results'::regclass::oid
            union
            select relid from pg_partition_tree('public.action_results')
        ) as source (oid)
        where (select relfilenode from pg_class where pg_class.oid = source.oid) <> pg_relation_filenode(source.oid)
    ) then
        raise exception using
            errcode = 'serialization_failure',
            message = 'action_results was emptied or rewritten since this began',
            hint = 'Try again.';
    end if;
    return built;
end
$$;

create or replace function tidemark.live_triggers(asked_triggers text[])
returns setof tidemark.trigger_executions
language plpgsql stable strict
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
rows 10
as $$
declare
    frontier_was constant timestamptz := tidemark.built_frontier();
    truncated constant bigint := tidemark.truncated_at();
begin
    -- Mostly nothing of them changed since the last fold.
    if truncated is null and not exists (
        select from tidemark.changes(frontier_was, 'infinity', truncated, asked_triggers)
    ) then
        return query select * from tidemark.trigger_executions where trigger_id = any (asked_triggers);
        return;
    end if;
    return query
    with changed as materialized (
        select * from tidemark.changed_trigger_executions('infinity', asked_triggers)
    )
    select kept.*
    from tidemark.trigger_executions as kept
    where kept.trigger_id = any (asked_triggers)
        and truncated is null
        and not exists (select from changed where changed.trigger_id = kept.trigger_id)
    union all
    select * from changed where executions <> 0;
end
$$;
