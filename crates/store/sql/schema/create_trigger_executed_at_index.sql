-- What did one trigger run, and when last?
create index concurrently tidemark_action_results_trigger_executed_at on public.action_results (trigger_id, executed_at)
