-- Which indexes that the contract names are not there on the views, and what makes each anew?
select
    wanted.name as "name!",
    format('public.%I', wanted.view_name) as "table_name!",
    format(
        'create%s index concurrently if not exists %I on public.%I %s',
        case when wanted.is_unique then ' unique' end, wanted.name, wanted.view_name, wanted.rest
    ) as "statement!"
from (
    values
        ('idx_action_metrics_hourly_unique', 'action_metrics_hourly', true, '(hour, action_type, status)'),
        ('idx_action_metrics_hourly_hour', 'action_metrics_hourly', false, '(hour desc)'),
        ('idx_action_metrics_hourly_action_type', 'action_metrics_hourly', false, '(action_type)'),
        ('idx_action_metrics_hourly_status', 'action_metrics_hourly', false, '(status)'),
        (
            'idx_action_metrics_hourly_recent', 'action_metrics_hourly', false,
            '(hour desc) include (status, execution_count, total_retries)'
        ),
        ('idx_trigger_performance_summary_unique', 'trigger_performance_summary', true, '(trigger_id)'),
        ('idx_trigger_performance_summary_executions', 'trigger_performance_summary', false, '(total_executions desc)'),
        ('idx_trigger_performance_summary_success_rate', 'trigger_performance_summary', false, '(success_rate)'),
        ('idx_trigger_performance_summary_avg_duration', 'trigger_performance_summary', false, '(avg_duration_ms desc)'),
        ('idx_trigger_performance_summary_retries', 'trigger_performance_summary', false, '(total_retries desc)'),
        ('idx_recent_failures_unique', 'recent_failures', true, '(id)'),
        ('idx_recent_failures_trigger_id', 'recent_failures', false, '(trigger_id)'),
        ('idx_recent_failures_executed_at', 'recent_failures', false, '(executed_at desc)'),
        ('idx_recent_failures_action_type', 'recent_failures', false, '(action_type)'),
        ('idx_recent_failures_error_message', 'recent_failures', false, '(left(error_message, 200))'),
        ('idx_action_type_distribution_unique', 'action_type_distribution', true, '(action_type)'),
        ('idx_action_type_distribution_executions', 'action_type_distribution', false, '(total_executions desc)')
) as wanted (name, view_name, is_unique, rest)
where to_regclass(format('public.%I', wanted.view_name)) is not null
    and not exists (
        select
        from pg_index as key
        join pg_class as index on index.oid = key.indexrelid
        where index.relname = wanted.name
            and key.indrelid = to_regclass(format('public.%I', wanted.view_name)) and key.indisvalid
    )
