-- How often was each index used on each UTC day from $1 on? Counters that went back were reset in between: then what they
-- reached since counts.
select
    schema_name as "schema_name!",
    index_name as "index_name!",
    date_bin('1 day', taken_at, '2000-01-01 00:00:00+00') as "day!",
    sum(case when scans >= before then scans - before else scans end)::bigint as "scans!"
from (
    select
        schema_name, index_name, taken_at, scans,
        lag(scans) over (partition by schema_name, index_name order by taken_at) as before
    from tidemark.index_usage
    where taken_at >= $1
) as looks
where before is not null
group by 1, 2, 3
order by 1, 2, 3
