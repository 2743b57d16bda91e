-- Which ranges of whole UTC days are to be looked at, newest first, and how many rows does each hold? From $1 until $2
-- (null is no bound), of about $3 rows each, or of single days when that is 0; of these a share of $4, chosen at random.
with recursive bound as (
    select coalesce($1, '-infinity'::timestamptz) as from_at, coalesce($2, 'infinity'::timestamptz) as until_at
),
range (from_at, until_at) as (
    select greatest(tidemark.next_range(bound.until_at, $3), bound.from_at), bound.until_at
    from bound
    where bound.from_at < bound.until_at
    union all
    select greatest(tidemark.next_range(range.from_at, $3), bound.from_at), range.from_at
    from range
    cross join bound
    where range.from_at > bound.from_at
),
chosen as (
    select from_at, until_at
    from range
    order by random()
    limit (select ceil($4::float8 * count(*))::bigint from range)
)
select
    nullif(chosen.from_at, '-infinity') as from_at,
    nullif(chosen.until_at, 'infinity') as until_at,
    (
        select count(*)
        from public.action_results as result
        where result.executed_at >= chosen.from_at and result.executed_at < chosen.until_at
    ) as "rows!"
from chosen
order by chosen.until_at desc
