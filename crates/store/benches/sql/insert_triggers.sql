-- Who makes actions run? $1 triggers, dealt out to 20 organizations.
with organization as (
    insert into public.organizations (id, name)
    select 'organization-' || n, 'Organization ' || n
    from generate_series(1, 20) as n
    returning id
)
insert into public.triggers (id, name, organization_id)
select
    md5('trigger ' || n)::uuid::text,
    'Trigger ' || lpad(n::text, 6, '0'),
    'organization-' || 1 + n % (select count(*) from organization)
from generate_series(1, $1) as n
