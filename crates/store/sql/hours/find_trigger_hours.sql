-- From when on are the hours of triggers kept? Null where all of them are.
select case when isfinite(trigger_hours_from) then trigger_hours_from end as kept_from
from tidemark.frontier
