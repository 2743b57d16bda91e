-- How large was each table and view that is still there, by the last look of each UTC day from $1 on?
select distinct on (schema_name, table_name, date_bin('1 day', taken_at, '2000-01-01 00:00:00+00'))
    format('%s.%s', schema_name, table_name) as "table_name!",
    taken_at as "taken_at!",
    row_count as "rows!",
    is_counted as "is_counted!",
    table_bytes as "table_bytes!",
    index_bytes as "index_bytes!"
from tidemark.storage_looks as looks
where taken_at >= $1
    and exists (
        select
        from tidemark.storage_looks as newest
        where newest.schema_name = looks.schema_name and newest.table_name = looks.table_name
            and newest.taken_at = (select max(taken_at) from tidemark.storage_looks)
    )
order by schema_name, table_name, date_bin('1 day', taken_at, '2000-01-01 00:00:00+00'), taken_at desc
