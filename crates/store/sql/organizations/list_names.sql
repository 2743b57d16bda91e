-- What are organizations called, and which plan do they have, the first $1 by id? Not every adopted table knows plans.
select id::text as "id!", name::text as "name?", to_jsonb(organizations) ->> 'plan' as plan
from public.organizations
order by id
limit $1
