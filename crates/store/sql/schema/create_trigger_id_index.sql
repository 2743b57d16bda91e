-- What did one trigger run?
create index concurrently tidemark_action_results_trigger_id on public.action_results (trigger_id)
