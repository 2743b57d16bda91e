-- What do the next older rows add up to? About $1 of them, in whole days.
select is_done as "is_built!", rows_built as "rows_built!", rows_to_build from tidemark.build_next($1)
