-- Which indexes are there on Tidemark's and the source tables, or in the whole database where $1, and what is each like? The
-- parts of an index of a partitioned table count as one. At most $2.
with watched as (
    select
        index.oid as index_id,
        coalesce((select inhparent from pg_inherits where inhrelid = index.oid limit 1), index.oid) as whole_id
    from pg_class as index
    join pg_index as key on key.indexrelid = index.oid
    join pg_class as owner on owner.oid = key.indrelid
    join pg_namespace as space on space.oid = owner.relnamespace
    where space.nspname not in ('pg_catalog', 'information_schema') and space.nspname !~ '^pg_toast'
        and (
            $1
            or space.nspname = 'tidemark'
            or owner.oid in (select relid from pg_partition_tree('public.action_results'))
            or owner.oid in ('public.action_results'::regclass, 'public.triggers'::regclass)
            or (
                space.nspname = 'public' and owner.relname in (
                    'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
                )
            )
        )
),
counted as (
    select
        watched.whole_id,
        sum(pg_relation_size(watched.index_id))::bigint as size_bytes,
        coalesce(sum(used.idx_scan), 0)::bigint as scans,
        coalesce(sum(used.idx_tup_read), 0)::bigint as tuples_read,
        coalesce(sum(used.idx_tup_fetch), 0)::bigint as tuples_fetched,
        coalesce(sum(io.idx_blks_hit), 0)::bigint as blocks_hit,
        coalesce(sum(io.idx_blks_read), 0)::bigint as blocks_read,
        -- Known from Postgres 16 on.
        max((to_jsonb(used) ->> 'last_idx_scan')::timestamptz) as last_used_at
    from watched
    left join pg_stat_user_indexes as used on used.indexrelid = watched.index_id
    left join pg_statio_user_indexes as io on io.indexrelid = watched.index_id
    group by watched.whole_id
)
select
    space.nspname::text as "schema_name!",
    index.relname::text as "index_name!",
    format('%I.%I', owner_space.nspname, owner.relname) as "table_name!",
    pg_get_indexdef(index.oid) as "definition!",
    method.amname::text as "method!",
    key.indisunique as "is_unique!",
    key.indisprimary as "is_primary!",
    key.indisexclusion as "is_exclusion!",
    key.indisreplident as "is_replica_identity!",
    key.indisvalid and key.indisready as "is_valid!",
    owner.relkind in ('p', 'm') or exists (select from pg_constraint where conindid = index.oid) as "is_bound!",
    owner.relkind = 'm' as "is_of_view!",
    array(
        select pg_get_indexdef(index.oid, position, true) from generate_series(1, key.indnkeyatts) as position order by position
    ) as "columns!",
    pg_get_expr(key.indpred, key.indrelid) as condition,
    counted.size_bytes as "size_bytes!",
    counted.scans as "scans!",
    counted.tuples_read as "tuples_read!",
    counted.tuples_fetched as "tuples_fetched!",
    counted.blocks_hit as "blocks_hit!",
    counted.blocks_read as "blocks_read!",
    counted.last_used_at,
    case when method.amname = 'btree' and owner.relkind <> 'p' then sized.fresh_bytes end as fresh_bytes,
    format('reindex index concurrently %I.%I', space.nspname, index.relname) as "rebuild_statement!",
    format('drop index concurrently %I.%I', space.nspname, index.relname) as "drop_statement!"
from counted
join pg_class as index on index.oid = counted.whole_id
join pg_index as key on key.indexrelid = index.oid
join pg_namespace as space on space.oid = index.relnamespace
join pg_class as owner on owner.oid = key.indrelid
join pg_namespace as owner_space on owner_space.oid = owner.relnamespace
join pg_am as method on method.oid = index.relam
-- An entry is a header of 8 bytes, the key, aligned to 8, and a pointer of 4; pages of 8 kB are filled to 90%. Equal keys take
-- less than that: then it is never called too large for nothing.
left join lateral (
    select
        (
            index.reltuples
            * (8 + 8 * ceil(sum(coalesce(column_stats.avg_width, expression_stats.avg_width)) / 8.0) + 4)
            / 0.9
        )::bigint as fresh_bytes
    from unnest(key.indkey) with ordinality as part (attnum, position)
    left join pg_attribute as source on source.attrelid = key.indrelid and source.attnum = part.attnum and part.attnum > 0
    left join pg_stats as column_stats
        on column_stats.schemaname = owner_space.nspname and column_stats.tablename = owner.relname
        and column_stats.attname = source.attname and not column_stats.inherited
    left join pg_attribute as expression on expression.attrelid = index.oid and expression.attnum = part.position
    left join pg_stats as expression_stats
        on part.attnum = 0 and expression_stats.schemaname = space.nspname
        and expression_stats.tablename = index.relname and expression_stats.attname = expression.attname
    -- Without the width of every part nothing is known.
    having bool_and(coalesce(column_stats.avg_width, expression_stats.avg_width) is not null) and index.reltuples >= 0
) as sized on true
order by counted.size_bytes desc, 1, 2
limit $2
