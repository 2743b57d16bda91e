-- The swap itself; what it is made of is in the migration before.

create function tidemark.statements_to_restore(relations oid[])
returns setof text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with doomed as (
        select upon.relation, upon.depth, class.relname, class.relkind, class.relispopulated,
            upon.relation = any (relations) as is_replaced,
            case when class.relkind = 'm' or upon.relation = any (relations) then 'materialized view' else 'view' end
                as kind
        from tidemark.views_upon(relations) as upon
        join pg_class as class on class.oid = upon.relation
    ),
    new_indexes as (
        select coalesce(array_agg(index.relname), '{}') as names
        from doomed
        join pg_class as new on new.relname = doomed.relname and new.relnamespace = 'tidemark'::regnamespace
        join pg_index as key on key.indrelid = new.oid
        join pg_class as index on index.oid = key.indexrelid
        where doomed.is_replaced
    )
    select step.statement
    from doomed
    cross join new_indexes
    cross join lateral (
        select 1, 1, tidemark.statements_to_create(doomed.relation) where not is_replaced
        union all
        select 2, dressed.position, dressed.statement
        from tidemark.statements_to_dress(doomed.relation, doomed.kind) with ordinality as dressed (statement, position)
        union all
        -- Only now, so that it runs with the rights of its owner and not of whoever migrates.
        select 3, 1, format('refresh materialized view %s', doomed.relation::regclass)
        where not is_replaced and doomed.relkind = 'm' and doomed.relispopulated
        union all
        select 4, indexed.position, indexed.statement
        from tidemark.statements_to_index(
            doomed.relation, case when is_replaced then new_indexes.names else '{}' end
        ) with ordinality as indexed (statement, position)
    ) as step (rank, position, statement)
    order by not doomed.is_replaced, doomed.depth, doomed.relation, step.rank, step.position
$$;
comment on function tidemark.statements_to_restore(oid[]) is
    'All that has to run after these views have been dropped and new ones of the same names put into the schema public.';

create function tidemark.put_views_in_place(view_names text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    replaced oid[] := array(
        select oid from pg_class where relnamespace = 'public'::regnamespace and relname = any (view_names)
    );
    replaced_names text[] := array(select relname::text from pg_class where oid = any (replaced));
    obstacles text;
    to_drop text[];
    to_restore text[];
    statement text;
    view_name text;
    run bigint;
    counted bigint;
begin
    select string_agg(E'\n- ' || obstacle, '' order by obstacle) into obstacles
    from (
        select tidemark.column_obstacles(view_names)
        union all
        select tidemark.dependency_obstacles(replaced)
    ) as found (obstacle);
    if obstacles is not null then
        raise exception using
            errcode = 'TM001',
            message = 'the views ' || array_to_string(replaced_names, ', ') || ' cannot be replaced, because of:' || obstacles,
            hint = 'Drop or change these first; nothing has been changed.';
    end if;

    to_restore := array(select tidemark.statements_to_restore(replaced));
    -- Without cascade: what came to stand on a view just now stops the swap instead of vanishing.
    to_drop := array(
        select format(
            'drop %s %s', case class.relkind when 'm' then 'materialized view' else 'view' end, class.oid::regclass
        )
        from tidemark.views_upon(replaced) as upon
        join pg_class as class on class.oid = upon.relation
        order by upon.depth desc
    );
    foreach statement in array to_drop loop
        execute statement;
    end loop;
    foreach view_name in array view_names loop
        execute format('alter materialized view tidemark.%I set schema public', view_name);
    end loop;
    foreach statement in array to_restore loop
        execute statement;
    end loop;

    -- To those who looked at the old view, this was a refresh: the new one was built in this very transaction.
    if replaced_names <> '{}' then
        run := nextval('tidemark.refresh_runs');
    end if;
    foreach view_name in array replaced_names loop
        execute format('select count(*) from public.%I', view_name) into counted;
        insert into tidemark.refresh_log (
            run_id, view_name, started_at, data_as_of, duration_ms, rows, asked_by, success
        )
        values (
            run, view_name, now(), now(), tidemark.milliseconds_between(now(), clock_timestamp()), counted,
            'migration', true
        );
    end loop;
end
$$;
comment on function tidemark.put_views_in_place(text[]) is
    'Moves these materialized views from the schema tidemark to public, in place of any views of the same names.';
