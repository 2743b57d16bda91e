-- How often was each index used by now? Looked at unless somebody did in the last $1 seconds; looks from before $2 days
-- are forgotten.
with due as (
    select
    where not exists (select from tidemark.index_usage where taken_at > now() - make_interval(secs => $1::float8))
),
forgotten as (
    delete from tidemark.index_usage where taken_at < now() - make_interval(days => $2::integer)
)
insert into tidemark.index_usage (taken_at, schema_name, index_name, scans, size_bytes)
select now(), used.schemaname, used.indexrelname, used.idx_scan, pg_relation_size(used.indexrelid)
from due
cross join pg_stat_user_indexes as used
on conflict do nothing
