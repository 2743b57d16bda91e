-- To which organization does each trigger of the file belong?
update public.triggers
set organization_id = named.organization_id
from unnest($1::text[], $2::text[]) as named (id, organization_id)
where triggers.id = named.id
    and named.organization_id is not null
    and triggers.organization_id is distinct from named.organization_id
