-- In what do the hours, and the hours and days of triggers, differ from the rows? Of whole UTC days from $1 until $2 (null
-- is no bound), of the differences the first $3, with the count of all.
select
    relation as "relation!", group_key as "group_key!", measure as "measure!", found, expected, count(*) over () as "count!"
from tidemark.find_differences(coalesce($1, '-infinity'::timestamptz), coalesce($2, 'infinity'::timestamptz))
order by relation, group_key, measure
limit $3
