-- The source tables: what writers fill, and what everything else is counted from.
--
-- A database that already has them is adopted in place: they are looked at, never altered. More columns, more indexes,
-- no foreign key, no check and no `organizations` are all fine; a missing column or another type is not, because every
-- view below would be wrong or fail later. Then nothing is changed, and the error lists all that would have to be.
-- The indexes Tidemark reads by are made after the migrations, without blocking writers.

do $$
declare
    obstacles text;
begin
    with wanted (table_name, column_name, type_name) as (
        values
            ('organizations', 'id', 'text'),
            ('organizations', 'name', 'text'),
            ('triggers', 'id', 'text'),
            ('triggers', 'name', 'text'),
            ('triggers', 'enabled', 'boolean'),
            ('triggers', 'created_at', 'timestamp with time zone'),
            ('action_results', 'id', 'text'),
            ('action_results', 'job_id', 'text'),
            ('action_results', 'trigger_id', 'text'),
            ('action_results', 'event_id', 'text'),
            ('action_results', 'action_type', 'text'),
            ('action_results', 'status', 'text'),
            ('action_results', 'executed_at', 'timestamp with time zone'),
            ('action_results', 'duration_ms', 'integer'),
            ('action_results', 'error_message', 'text'),
            ('action_results', 'response_data', 'jsonb'),
            ('action_results', 'retry_count', 'integer')
    ),
    present as (
        select relation.oid, relation.relname::text as table_name, relation.relkind
        from pg_catalog.pg_class as relation
        where relation.relnamespace = 'public'::regnamespace
            and relation.relname in ('organizations', 'triggers', 'action_results')
    ),
    found (obstacle) as (
        select format('public.%s is not a table', present.table_name)
        from present
        where present.relkind not in ('r', 'p')
        union all
        select format(
            'public.%s.%s is %s: %s is needed',
            wanted.table_name,
            wanted.column_name,
            coalesce(pg_catalog.format_type(attribute.atttypid, attribute.atttypmod), 'missing'),
            wanted.type_name
        )
        from wanted
        join present using (table_name)
        left join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = present.oid
            and attribute.attname = wanted.column_name
            and not attribute.attisdropped
        where pg_catalog.format_type(attribute.atttypid, attribute.atttypmod) is distinct from wanted.type_name
        union all
        select 'public.action_results.id is not unique: a primary key is needed'
        from present
        where present.table_name = 'action_results'
            and present.relkind = 'r'
            and not exists (
                select
                from pg_catalog.pg_index as key
                join pg_catalog.pg_attribute as attribute
                    on attribute.attrelid = key.indrelid and attribute.attnum = key.indkey[0]
                where key.indrelid = present.oid
                    and key.indisunique
                    and key.indisvalid
                    and key.indnkeyatts = 1
                    and key.indpred is null
                    and attribute.attname = 'id'
            )
    )
    select string_agg(E'\n- ' || obstacle, '' order by obstacle) into obstacles from found;
    if obstacles is not null then
        raise exception using
            errcode = 'TM001',
            message = 'the tables of this database cannot be adopted:' || obstacles;
    end if;
end
$$;

-- Organizations come with the triggers: where triggers are already known without them, they stay without.
do $$
begin
    if to_regclass('public.triggers') is not null then
        return;
    end if;
    create table if not exists public.organizations (
        id text primary key,
        name text not null,
        plan text
    );
    create table public.triggers (
        id text primary key default gen_random_uuid()::text,
        name text not null,
        enabled boolean default true,
        created_at timestamptz default now(),
        organization_id text references public.organizations (id)
    );
    comment on table public.organizations is 'Whom triggers belong to.';
    comment on table public.triggers is 'What makes actions run.';
    comment on column public.triggers.enabled is 'An enabled trigger that does not run for long is reported as idle.';
end
$$;

do $$
begin
    if to_regclass('public.action_results') is not null then
        return;
    end if;
    create table public.action_results (
        id text primary key default gen_random_uuid()::text,
        job_id text not null,
        trigger_id text references public.triggers (id) on delete set null,
        event_id text,
        action_type text not null,
        status text not null check (status in ('success', 'failed', 'retrying')),
        executed_at timestamptz default now(),
        duration_ms integer,
        error_message text,
        response_data jsonb,
        retry_count integer default 0
    );
    comment on table public.action_results is 'One row per execution of an action.';
    comment on column public.action_results.trigger_id is 'Null when the trigger was deleted since.';
    comment on column public.action_results.status is 'A retrying one becomes success or failed later.';
    comment on column public.action_results.executed_at is
        'A row without it, or at infinity, is counted for its trigger, but belongs to no hour.';
end
$$;
