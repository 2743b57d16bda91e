-- Which queries run when $1 is refreshed, a view or the fold: the one of the view, and those that tell what changed for it?
-- Their values are left open, as in the functions that they are of.
select 'the view' as "name!", definition as "statement!"
from pg_matviews
where schemaname = 'public' and matviewname = $1
union all
select
    format('tidemark.%s', function.proname),
    regexp_replace(
        regexp_replace(
            regexp_replace(
                substring(function.prosrc from 'return query\s+(.*);\s*end\s*$'), '\mfrontier_was\M', '$1::timestamptz', 'g'
            ),
            '\muntil\M', '$2::timestamptz', 'g'
        ),
        '\mtruncated\M', '$3::bigint', 'g'
    )
from (
    values
        ('action_metrics_hourly', 'changed_executions_hourly'),
        ('action_type_distribution', 'changed_executions_hourly'),
        ('trigger_performance_summary', 'changed_trigger_executions'),
        ('the fold', 'changed_executions_hourly'),
        ('the fold', 'changed_trigger_executions')
) as asked (name, function)
join pg_proc as function
    on function.proname = asked.function and function.pronamespace = 'tidemark'::regnamespace
where asked.name = $1
