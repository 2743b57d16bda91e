-- Which of the indexes that Tidemark reads the source tables by are there, under whatever name, which were left behind half
-- made, and which of an older Tidemark do they make superfluous? Postgres spells the condition of a partial index in its
-- own way, and an index of an expression (without columns here) is known by its name alone.
with present as (
    select
        key.indrelid,
        index.relname,
        key.indisvalid,
        array(
            select attribute.attname::text
            from unnest(key.indkey::smallint[]) with ordinality as part (number, position)
            left join pg_attribute as attribute on attribute.attrelid = key.indrelid and attribute.attnum = part.number
            where part.position <= key.indnkeyatts
            order by part.position
        ) as columns,
        pg_get_expr(key.indpred, key.indrelid) as condition
    from pg_index as key
    join pg_class as index on index.oid = key.indexrelid
    join pg_am as method on method.oid = index.relam
    where key.indrelid in ('public.action_results'::regclass, 'public.triggers'::regclass) and method.amname = 'btree'
)
select
    wanted.name as "name!",
    exists (
        select
        from present
        where present.indisvalid
            and present.indrelid = wanted.source
            and case
                when wanted.columns = '{}' then present.relname = wanted.name
                else present.columns[1:cardinality(wanted.columns)] = wanted.columns
            end
            and present.condition is not distinct from wanted.condition
    ) as "is_there!",
    exists (select from present where present.relname = wanted.name and not present.indisvalid) as "is_half_made!",
    exists (
        select from present where present.relname = wanted.instead_of and present.columns = wanted.columns[1:1]
    ) as "is_superfluous_there!",
    (select relkind from pg_class where oid = wanted.source) = 'p' as "is_partitioned!"
from (
    values
        (
            'public.action_results'::regclass, 'tidemark_action_results_executed_at', array['executed_at'], null, null
        ),
        (
            'public.action_results', 'tidemark_action_results_trigger_executed_at', array['trigger_id', 'executed_at'], null,
            'tidemark_action_results_trigger_id'
        ),
        (
            'public.action_results', 'tidemark_action_results_failed', array['executed_at'],
            '(status = ''failed''::text)', null
        ),
        ('public.triggers', 'tidemark_triggers_name', array[]::text[], null, null)
) as wanted (source, name, columns, condition, instead_of)
