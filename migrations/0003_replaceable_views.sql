-- How a materialized view takes the place of another with the same name, as when a database is adopted, and whenever a
-- later migration defines a view anew.
--
-- The new views are built in the schema tidemark first, indexes and all, which takes as long as it takes and locks
-- nobody out. Then `put_views_in_place` swaps them in at once: owner, grants, comments and further indexes of the old
-- ones are kept, and the views that stand on them are made again. What cannot be made again stops it with a list.

create function tidemark.views_upon(relations oid[])
returns table (relation oid, depth integer)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive standing (relation, depth) as (
        select unnest(relations), 0
        union
        select rule.ev_class, standing.depth + 1
        from standing
        join pg_depend as dependency
            on dependency.refclassid = 'pg_class'::regclass and dependency.refobjid = standing.relation
        join pg_rewrite as rule on dependency.classid = 'pg_rewrite'::regclass and rule.oid = dependency.objid
        where rule.rulename = '_RETURN' and rule.ev_class <> standing.relation
    )
    select relation, max(depth) from standing group by relation
$$;
comment on function tidemark.views_upon(oid[]) is
    'These relations and all views that stand on them; a view is deeper than everything it stands on.';

create function tidemark.column_obstacles(view_names text[])
returns setof text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select format(
        'column public.%s.%s %s: %s',
        old.relname,
        had.attname,
        format_type(had.atttypid, had.atttypmod),
        case
            when has.attname is null then 'Tidemark''s view has no such column'
            else 'it is to be ' || format_type(has.atttypid, has.atttypmod)
        end
    )
    from pg_class as old
    join pg_class as new on new.relname = old.relname and new.relnamespace = 'tidemark'::regnamespace
    join pg_attribute as had on had.attrelid = old.oid and had.attnum > 0 and not had.attisdropped
    left join pg_attribute as has on has.attrelid = new.oid and has.attname = had.attname and not has.attisdropped
    where old.relnamespace = 'public'::regnamespace
        and old.relkind in ('v', 'm')
        and old.relname = any (view_names)
        and (has.attname is null or (has.atttypid, has.atttypmod) <> (had.atttypid, had.atttypmod))
    order by old.relname, had.attnum
$$;
comment on function tidemark.column_obstacles(text[]) is
    'Columns of the views to be replaced that the new views lack, or have with another type.';

create function tidemark.dependency_obstacles(relations oid[])
returns setof text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with doomed as (
        select class.oid, class.reltype, type.typarray, class.relkind, class.relpersistence, class.relowner
        from tidemark.views_upon(relations) as upon
        join pg_class as class on class.oid = upon.relation
        left join pg_type as type on type.oid = class.reltype
    )
    select format('%s is not a view', doomed.oid::regclass)
    from doomed
    where doomed.relkind not in ('v', 'm')
    union
    select format('%s is temporary: it belongs to another session', doomed.oid::regclass)
    from doomed
    where doomed.relpersistence = 't'
    union
    select format('%s belongs to %I, and %I is no member of that role', doomed.oid::regclass, owner.rolname, current_user)
    from doomed
    join pg_roles as owner on owner.oid = doomed.relowner
    where not pg_has_role(current_user, doomed.relowner, 'usage')
    union
    select pg_describe_object(dependency.classid, dependency.objid, dependency.objsubid)
    from doomed
    join pg_depend as dependency
        on (dependency.refclassid = 'pg_class'::regclass and dependency.refobjid = doomed.oid)
        or (dependency.refclassid = 'pg_type'::regclass and dependency.refobjid in (doomed.reltype, doomed.typarray))
    left join pg_rewrite as rule on dependency.classid = 'pg_rewrite'::regclass and rule.oid = dependency.objid
    left join pg_index as own on dependency.classid = 'pg_class'::regclass and own.indexrelid = dependency.objid
    where dependency.deptype <> 'i'
        and own.indexrelid is null
        and (rule.rulename is distinct from '_RETURN' or dependency.refclassid = 'pg_type'::regclass)
$$;
comment on function tidemark.dependency_obstacles(oid[]) is
    'What stands on these views, or on views upon them, and cannot be made again: rules, functions, row types, ….';

create function tidemark.set_privileges(relation regclass, wanted aclitem[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    entry record;
begin
    for entry in
        select distinct case acl.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end as grantee
        from pg_class as class
        cross join aclexplode(coalesce(class.relacl, acldefault('r', class.relowner))) as acl
        where class.oid = relation
    loop
        execute format('revoke all on %s from %s', relation, entry.grantee);
    end loop;
    for entry in
        select
            case acl.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end as grantee,
            acl.privilege_type,
            acl.is_grantable
        from aclexplode(wanted) as acl
    loop
        execute format(
            'grant %s on %s to %s %s',
            entry.privilege_type,
            relation,
            entry.grantee,
            case when entry.is_grantable then 'with grant option' end
        );
    end loop;
end
$$;
comment on function tidemark.set_privileges(regclass, aclitem[]) is 'Grants exactly this and nothing else, as the owner.';

create function tidemark.statements_to_create(view oid)
returns setof text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select format(
        'create %s %I.%I %s %s as %s %s',
        case class.relkind when 'm' then 'materialized view' else 'view' end,
        namespace.nspname,
        class.relname,
        'with (' || array_to_string(class.reloptions, ', ') || ')',
        'tablespace ' || quote_ident(tablespace.spcname),
        rtrim(pg_get_viewdef(class.oid), ';'),
        case class.relkind when 'm' then 'with no data' end
    )
    from pg_class as class
    join pg_namespace as namespace on namespace.oid = class.relnamespace
    left join pg_tablespace as tablespace on tablespace.oid = class.reltablespace
    where class.oid = view
$$;
comment on function tidemark.statements_to_create(oid) is 'Makes a view again; a materialized one is still empty.';

create function tidemark.statements_to_dress(view oid, kind text)
returns setof text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with this as (
        select class.*, format('%I.%I', namespace.nspname, class.relname) as name
        from pg_class as class
        join pg_namespace as namespace on namespace.oid = class.relnamespace
        where class.oid = view
    )
    select format('alter %s %s owner to %I', kind, name, pg_get_userbyid(relowner)) from this
    union all
    select format(
        'select tidemark.set_privileges(%L::regclass, %L::aclitem[])',
        name,
        coalesce(relacl, acldefault('r', relowner))
    )
    from this
    union all
    select format(
        'grant %s (%I) on %s to %s %s',
        acl.privilege_type,
        attribute.attname,
        this.name,
        case acl.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end,
        case when acl.is_grantable then 'with grant option' end
    )
    from this
    join pg_attribute as attribute on attribute.attrelid = this.oid and not attribute.attisdropped
    cross join aclexplode(attribute.attacl) as acl
    union all
    select case
        when attribute.attname is null then format('comment on %s %s is %L', kind, this.name, description.description)
        else format('comment on column %s.%I is %L', this.name, attribute.attname, description.description)
    end
    from this
    join pg_description as description
        on description.classoid = 'pg_class'::regclass and description.objoid = this.oid
    left join pg_attribute as attribute
        on attribute.attrelid = this.oid and attribute.attnum = nullif(description.objsubid, 0)
$$;
comment on function tidemark.statements_to_dress(oid, text) is
    'Gives a view of this kind, made under the same name, the owner, grants and comments that this one has now.';

create function tidemark.statements_to_index(view oid, except_names name[])
returns setof text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select step.statement
    from pg_index as key
    join pg_class as index on index.oid = key.indexrelid
    join pg_namespace as namespace on namespace.oid = index.relnamespace
    cross join unnest(array[
        pg_get_indexdef(index.oid),
        format('comment on index %I.%I is ', namespace.nspname, index.relname)
            || quote_literal(obj_description(index.oid, 'pg_class'))
    ]) with ordinality as step (statement, rank)
    where key.indrelid = view and index.relname <> all (except_names) and step.statement is not null
    order by index.relname, step.rank
$$;
comment on function tidemark.statements_to_index(oid, name[]) is 'Makes the indexes of a view again, but for those named.';
