-- Which of the indexes that Tidemark reads action_results by are there, under whatever name, and which were left behind
-- half made? Postgres spells the condition of a partial index in its own way.
with present as (
    select
        index.relname,
        key.indisvalid,
        attribute.attname as leads_with,
        pg_get_expr(key.indpred, key.indrelid) as condition
    from pg_index as key
    join pg_class as index on index.oid = key.indexrelid
    join pg_am as method on method.oid = index.relam
    left join pg_attribute as attribute on attribute.attrelid = key.indrelid and attribute.attnum = key.indkey[0]
    where key.indrelid = 'public.action_results'::regclass and method.amname = 'btree'
)
select
    wanted.name as "name!",
    exists (
        select
        from present
        where present.indisvalid
            and present.leads_with = wanted.leads_with
            and present.condition is not distinct from wanted.condition
    ) as "is_there!",
    exists (select from present where present.relname = wanted.name and not present.indisvalid) as "is_half_made!",
    (select relkind from pg_class where oid = 'public.action_results'::regclass) = 'p' as "is_partitioned!"
from (
    values
        ('tidemark_action_results_executed_at', 'executed_at', null),
        ('tidemark_action_results_trigger_id', 'trigger_id', null),
        ('tidemark_action_results_failed', 'executed_at', '(status = ''failed''::text)')
) as wanted (name, leads_with, condition)
