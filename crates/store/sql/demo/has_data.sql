-- Is there anything that is not ours to mix a demonstration into?
select exists (select from public.action_results) or exists (select from public.triggers) as "has_data!"
