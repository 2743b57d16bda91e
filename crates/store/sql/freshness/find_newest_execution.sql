-- When did the newest execution run that the views know of? A date in the future tells nothing about now.
select greatest(
    (select max(last_execution_at) from public.trigger_performance_summary where last_execution_at <= $1),
    (select max(last_execution_at) from public.action_type_distribution where last_execution_at <= $1)
) as newest
