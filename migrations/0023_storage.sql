-- How large everything is over time, and what that costs: Postgres only tells the present, and a forecast needs a past.

create table tidemark.storage_looks (
    taken_at timestamptz not null,
    schema_name text not null,
    table_name text not null,
    row_count bigint not null,
    is_counted boolean not null,
    table_bytes bigint not null,
    index_bytes bigint not null,
    primary key (schema_name, table_name, taken_at)
);
comment on table tidemark.storage_looks is
    'How large the source tables, the views and what Tidemark keeps were, looked at once an hour; kept for 400 days.';
comment on column tidemark.storage_looks.is_counted is
    'Whether rows were counted; those of a large table are what the statistics of Postgres say.';
comment on column tidemark.storage_looks.table_bytes is 'With what is stored out of line, without indexes.';
create index storage_looks_taken on tidemark.storage_looks (taken_at);
comment on index tidemark.storage_looks_taken is 'Serves the forgetting of old looks, and whether one is due.';

create function tidemark.look_at_storage(counted_up_to_bytes bigint)
returns setof tidemark.storage_looks
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    look tidemark.storage_looks;
    is_built constant boolean := (select frontier.is_built from tidemark.frontier);
    relation record;
begin
    for relation in
        select class.oid as id, space.nspname, class.relname
        from pg_class as class
        join pg_namespace as space on space.oid = class.relnamespace
        where class.relkind in ('r', 'p', 'm') and not class.relispartition
            and (
                space.nspname = 'tidemark'
                or class.oid in (to_regclass('public.action_results'), to_regclass('public.triggers'))
                or (
                    space.nspname = 'public' and class.relkind = 'm' and class.relname in (
                        'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
                    )
                )
            )
    loop
        look.taken_at := now();
        look.schema_name := relation.nspname;
        look.table_name := relation.relname;
        look.is_counted := true;
        -- A partitioned table is as large as its parts.
        select
            sum(pg_table_size(part.id)), sum(pg_indexes_size(part.id)), coalesce(sum(counters.n_live_tup), 0)
        into look.table_bytes, look.index_bytes, look.row_count
        from (
            select relation.id::regclass as id
            union
            select relid from pg_partition_tree(relation.id::regclass)
        ) as part
        left join pg_stat_user_tables as counters on counters.relid = part.id;
        if relation.id = to_regclass('public.action_results') and is_built then
            -- The rollups have counted them all.
            select coalesce(sum(executions), 0) into look.row_count from tidemark.live_executions_hourly;
        elsif look.table_bytes <= counted_up_to_bytes and relation.id is distinct from to_regclass('public.action_results') then
            begin
                execute format('select count(*) from %I.%I', relation.nspname, relation.relname) into look.row_count;
            exception when object_not_in_prerequisite_state then
                -- A view that was never refreshed can't be read.
                look.row_count := 0;
            end;
        else
            look.is_counted := false;
        end if;
        return next look;
    end loop;
end
$$;
comment on function tidemark.look_at_storage(bigint) is
    'How large everything is now; rows are counted in tables of up to so many bytes.';
revoke all on function tidemark.look_at_storage(bigint) from public;

create table tidemark.prices (
    is_only boolean primary key default true check (is_only),
    gigabyte_month numeric(12, 4) not null check (gigabyte_month >= 0),
    core_hour numeric(12, 4) not null check (core_hour >= 0),
    currency text not null check (char_length(currency) between 1 and 10),
    changed_by text not null,
    changed_at timestamptz not null default now()
);
comment on table tidemark.prices is 'At most one row: what storage and computing cost here.';
