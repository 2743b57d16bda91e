-- Which triggers are there, the busiest first?
select id from public.triggers order by name
