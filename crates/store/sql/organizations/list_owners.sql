-- Which organizations own triggers, and how many? Only triggers $1, where those are asked for.
select organization_id as "id!", count(*) as "triggers!"
from tidemark.trigger_directory
where organization_id is not null and ($1::text[] is null or id = any($1))
group by organization_id
