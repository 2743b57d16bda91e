-- Which organizations are there?
select id, name from public.organizations
