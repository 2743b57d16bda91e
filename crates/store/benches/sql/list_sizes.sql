-- How much room do the rollups take beside the rows they are counted from?
select class.oid::regclass::text as name, pg_total_relation_size(class.oid) as bytes, is_rollup
from pg_class as class
cross join lateral (
    select
        class.relnamespace = 'tidemark'::regnamespace
            and class.relname in (
                'executions_hourly', 'executions_daily', 'trigger_executions', 'trigger_executions_hourly',
                'trigger_executions_daily'
            ),
        class.oid = 'public.action_results'::regclass
) as kind (is_rollup, is_source)
where is_rollup or is_source
order by is_rollup, class.relname
