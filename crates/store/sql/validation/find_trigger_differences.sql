-- In what do the totals of triggers differ from the rows? Of a share of $1 of the triggers, of the differences the first $2,
-- with the count of all.
select
    relation as "relation!", group_key as "group_key!", measure as "measure!", found, expected, count(*) over () as "count!"
from tidemark.find_trigger_differences($1)
order by relation, group_key, measure
limit $2
