-- Which of the organizations $1 are not in the table of organizations?
select asked.id as "id!"
from unnest($1::text[]) as asked (id)
where not exists (select from public.organizations where organizations.id::text = asked.id)
order by 1
