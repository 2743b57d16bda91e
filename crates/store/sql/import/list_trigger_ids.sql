-- Which triggers are known?
select id from public.triggers
