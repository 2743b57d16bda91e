-- Which organizations can be chosen? The first $1 by id, of those that own a trigger.
select distinct organization_id as "organization_id!"
from tidemark.trigger_directory
where organization_id is not null
order by 1
limit $1
