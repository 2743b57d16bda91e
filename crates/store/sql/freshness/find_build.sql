-- How far is the first count of everything? Nothing once it is done.
select
    rows_built as "rows_built!",
    coalesce(rows_to_build, 0) as "rows_to_build!",
    build_began_at as began_at,
    clock_timestamp() as "seen_at!"
from tidemark.frontier
where not is_built
