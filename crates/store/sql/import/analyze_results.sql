-- How many action results are there now? The planner asks before autovacuum comes by.
analyze public.action_results
