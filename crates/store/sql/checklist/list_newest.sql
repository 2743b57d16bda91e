-- What was seen of each item last, by Tidemark itself where not $1, or by a person?
select distinct on (item)
    item as "item!", checked_at as "checked_at!", checked_by, is_good as "is_good!", evidence as "evidence!"
from tidemark.checklist
where (checked_by is not null) = $1
order by item, checked_at desc
