-- How far is the count of everything?
select is_built, rows_built, rows_to_build from tidemark.frontier
