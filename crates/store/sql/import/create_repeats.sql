-- Which rows without an id are word for word the same as an earlier one of their file? Each counts as a row of its own,
-- and the same file imported again must come to the same ids: so they are told apart by how many came before.
create temporary table import_repeats as
select row_number, occurrence
from (
    select row_number, row_number() over (partition by file_number, content_hash order by row_number) as occurrence
    from import_rows
    where id is null
) as counted
where occurrence > 1
