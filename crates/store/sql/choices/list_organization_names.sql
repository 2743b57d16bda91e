-- What are the organizations $1 called?
select id::text as "id!", name::text as "name!"
from public.organizations
where id::text = any($1) and name is not null
