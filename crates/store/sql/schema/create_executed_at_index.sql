-- What ran in one hour?
create index concurrently tidemark_action_results_executed_at on public.action_results (executed_at)
