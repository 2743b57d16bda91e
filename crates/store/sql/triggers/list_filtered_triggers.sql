-- Which triggers of the organizations $1 are there, or is $2 among them?
select id as "id!"
from tidemark.trigger_directory
where organization_id = any($1) and ($2::text is null or id = $2)
