-- Which organizations can be chosen? The first $1 by id, of those that own a trigger, and of those $2 alone where not all
-- are seen.
select distinct organization_id as "organization_id!"
from tidemark.trigger_directory
where organization_id is not null and ($2::text[] is null or organization_id = any($2))
order by 1
limit $1
