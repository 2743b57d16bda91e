-- Is there an organization in the table of organizations?
select exists (select from public.organizations) as "has_any!"
