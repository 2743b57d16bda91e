-- What would inserts cost without the engine? A table like action_results, with the same rows and indexes, no triggers.
create table baseline.action_results (like public.action_results including all);
insert into baseline.action_results select * from public.action_results order by executed_at;
alter table baseline.action_results
    add foreign key (trigger_id) references public.triggers (id) on delete set null;
reindex table baseline.action_results;
reindex table public.action_results
