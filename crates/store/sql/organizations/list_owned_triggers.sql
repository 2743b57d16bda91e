-- Which triggers belong to an organization?
select id as "id!"
from tidemark.trigger_directory
where organization_id is not null
