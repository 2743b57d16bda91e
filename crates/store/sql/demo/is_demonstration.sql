-- Is what is here a demonstration's, so that more made-up rows do no harm?
select exists (select from public.triggers where id like 'demo-___') as "is_demonstration!"
