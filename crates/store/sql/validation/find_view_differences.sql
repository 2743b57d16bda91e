-- In what do the four views differ from what they would show now? The first $1, with the count of all.
select
    relation as "relation!", group_key as "group_key!", measure as "measure!", found, expected, count(*) over () as "count!"
from tidemark.find_view_differences()
order by relation, group_key, measure
limit $1
