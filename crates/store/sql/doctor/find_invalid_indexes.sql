-- Which indexes were left half made?
select
    format('%I.%I', space.nspname, index.relname) as "subject!",
    format('on %s: it slows writers and serves nobody', key.indrelid::regclass) as "evidence!",
    array[format('drop index concurrently %I.%I', space.nspname, index.relname)] as statements,
    null as advice
from pg_index as key
join pg_class as index on index.oid = key.indexrelid
join pg_namespace as space on space.oid = index.relnamespace
where not key.indisvalid
    and not exists (select from pg_stat_progress_create_index as making where making.index_relid = key.indexrelid)
