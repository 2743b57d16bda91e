-- What failed last? Failures are few, and so is what this index holds.
create index concurrently tidemark_action_results_failed on public.action_results (executed_at desc) where status = 'failed'
