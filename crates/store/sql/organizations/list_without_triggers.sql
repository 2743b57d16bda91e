-- Which of the organizations $1 own no trigger?
select asked.id as "id!"
from unnest($1::text[]) as asked (id)
where not exists (select from tidemark.trigger_directory as directory where directory.organization_id = asked.id)
order by 1
