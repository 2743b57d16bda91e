-- Is there any action result?
select exists (select from public.action_results) as "has_results!"
