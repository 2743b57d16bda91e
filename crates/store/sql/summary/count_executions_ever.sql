-- How many executions are recorded? Those that belong to no hour are left out.
select coalesce(sum(execution_count), 0)::bigint as "executions!" from public.action_metrics_hourly
