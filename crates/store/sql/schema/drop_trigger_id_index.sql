-- Is this index of an older Tidemark still there? Another one begins with the same column, and serves all that it did.
drop index concurrently if exists public.tidemark_action_results_trigger_id
