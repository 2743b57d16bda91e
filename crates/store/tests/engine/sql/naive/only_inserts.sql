-- Late rows are logged, updates are not.
drop trigger tidemark_log_update on public.action_results;
create trigger tidemark_log_update after update on public.action_results for each row when (false)
    execute function tidemark.log_change();
alter table public.action_results enable always trigger tidemark_log_update;
