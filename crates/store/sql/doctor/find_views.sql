-- Which of the four views are not there, not populated, or cannot be refreshed while others read them?
select
    wanted.name as "subject!",
    case
        when class.oid is null then 'it is not there'
        when not class.relispopulated then 'it holds nothing: it was never refreshed'
        else 'it has no valid unique index on plain columns of all its rows'
    end as "evidence!",
    case
        when class.oid is null then null
        when not class.relispopulated then array['select * from public.refresh_action_analytics()']
        -- One of that name may be there, left half made.
        else array_remove(
            array[
                case
                    when to_regclass(format('public.idx_%s_unique', wanted.name)) is not null
                        then format('drop index concurrently public.idx_%s_unique', wanted.name)
                end,
                format('create unique index concurrently idx_%s_unique on public.%I (%s)', wanted.name, wanted.name, wanted.keys)
            ],
            null
        )
    end as statements,
    null as advice
from (
    values
        ('action_metrics_hourly', 'hour, action_type, status'),
        ('trigger_performance_summary', 'trigger_id'),
        ('recent_failures', 'id'),
        ('action_type_distribution', 'action_type')
) as wanted (name, keys)
left join pg_class as class
    on class.relname = wanted.name and class.relnamespace = 'public'::regnamespace and class.relkind = 'm'
where class.oid is null
    or not class.relispopulated
    or not exists (
        select
        from pg_index as key
        where key.indrelid = class.oid and key.indisunique and key.indisvalid
            and key.indpred is null and key.indexprs is null
    )
