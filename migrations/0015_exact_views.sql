-- The four views over the live truth, so that a refresh of one by hand is exact however late the last fold is.
--
-- They take the place of the plain ones once the rollups are built: until then those answer, as old as they are. A view
-- is refreshed with its owner's rights, whoever that is or becomes, so anybody may read the live views that they stand on;
-- by name only those can who are let into the schema.

grant select on tidemark.live_executions_hourly, tidemark.live_trigger_executions to public;

create function tidemark.install_views()
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
begin
    if not (select is_built from tidemark.frontier) then
        raise exception using
            errcode = 'TM002',
            message = 'the rollups are not built yet: the views would miss what is not counted',
            hint = 'Run tidemark migrate.';
    end if;
    if to_regclass('public.action_metrics_hourly') is not null and exists (
        select
        from pg_depend as dependency
        join pg_rewrite as rule on dependency.classid = 'pg_rewrite'::regclass and rule.oid = dependency.objid
        where rule.ev_class = to_regclass('public.action_metrics_hourly')
            and dependency.refobjid = 'tidemark.live_executions_hourly'::regclass
    ) then
        return false;
    end if;

    create materialized view tidemark.action_metrics_hourly as
    select
        hour,
        action_type,
        status,
        executions as execution_count,
        tidemark.clamped(duration_sum_ms::numeric / nullif(executions_with_duration, 0))::numeric(10, 2) as avg_duration_ms,
        p50_duration_ms,
        p95_duration_ms,
        p99_duration_ms,
        duration_min_ms as min_duration_ms,
        duration_max_ms as max_duration_ms,
        case when status = 'success' then executions else 0 end as success_count,
        case when status = 'failed' then executions else 0 end as failure_count,
        case when status = 'retrying' then executions else 0 end as retrying_count,
        total_retries,
        executions_with_retries as actions_with_retries
    from tidemark.live_executions_hourly
    order by hour desc, action_type, status;

    comment on materialized view tidemark.action_metrics_hourly is
        'One row per UTC hour, action type and status, newest hour first.';
    comment on column tidemark.action_metrics_hourly.avg_duration_ms is
        'In milliseconds, at most 99999999.99. Combine hours from sums and counts, never by averaging averages.';
    comment on column tidemark.action_metrics_hourly.p95_duration_ms is
        'In milliseconds, within 1% of percentile_cont and exact for up to 50 durations. Combine hours from the histograms of tidemark.live_executions_hourly, never by averaging percentiles.';
    create unique index idx_action_metrics_hourly_unique
        on tidemark.action_metrics_hourly (hour, action_type, status);
    create index idx_action_metrics_hourly_hour on tidemark.action_metrics_hourly (hour desc);
    create index idx_action_metrics_hourly_action_type on tidemark.action_metrics_hourly (action_type);
    create index idx_action_metrics_hourly_status on tidemark.action_metrics_hourly (status);
    create index idx_action_metrics_hourly_recent
        on tidemark.action_metrics_hourly (hour desc) include (status, execution_count, total_retries);
    comment on index tidemark.idx_action_metrics_hourly_unique is
        'What refresh … concurrently finds rows by; its number of scans stays 0, and it is needed all the same.';
    comment on index tidemark.idx_action_metrics_hourly_recent is
        'Covers counts of recent hours by status, so that it never has to be moved as a partial index would.';

    create materialized view tidemark.trigger_performance_summary as
    select
        trigger_id,
        executions as total_executions,
        successes as success_count,
        failures as failure_count,
        retrying as retrying_count,
        round(100.0 * successes / executions, 2) as success_rate,
        tidemark.clamped(duration_sum_ms::numeric / nullif(executions_with_duration, 0))::numeric(10, 2) as avg_duration_ms,
        p50_duration_ms,
        p95_duration_ms,
        p99_duration_ms,
        duration_min_ms as min_duration_ms,
        duration_max_ms as max_duration_ms,
        total_retries,
        tidemark.clamped(total_retries::numeric / executions)::numeric(10, 2) as avg_retries,
        tidemark.most_retries(executions, retry_values, retry_executions) as max_retries,
        last_execution_at,
        first_execution_at,
        round((extract(epoch from last_execution_at) - extract(epoch from first_execution_at)) / 3600, 2) as hours_active
    from tidemark.live_trigger_executions
    order by executions desc, trigger_id;

    comment on materialized view tidemark.trigger_performance_summary is
        'One row per trigger that ever ran, busiest first; executions without a trigger are left out.';
    comment on column tidemark.trigger_performance_summary.success_rate is '0 to 100, of all executions.';
    comment on column tidemark.trigger_performance_summary.p95_duration_ms is
        'In milliseconds, within 1% of percentile_cont and exact for up to 50 durations.';
    comment on column tidemark.trigger_performance_summary.hours_active is
        'Hours between the first and the last execution.';
    create unique index idx_trigger_performance_summary_unique on tidemark.trigger_performance_summary (trigger_id);
    create index idx_trigger_performance_summary_executions
        on tidemark.trigger_performance_summary (total_executions desc);
    create index idx_trigger_performance_summary_success_rate on tidemark.trigger_performance_summary (success_rate);
    create index idx_trigger_performance_summary_avg_duration
        on tidemark.trigger_performance_summary (avg_duration_ms desc);
    create index idx_trigger_performance_summary_retries
        on tidemark.trigger_performance_summary (total_retries desc);
    comment on index tidemark.idx_trigger_performance_summary_unique is
        'What refresh … concurrently finds rows by; it is needed even where nobody looks for a trigger.';

    create materialized view tidemark.recent_failures as
    select
        id, job_id, trigger_id, event_id, action_type, error_message, retry_count, executed_at, duration_ms, response_data
    from public.action_results
    where status = 'failed' and executed_at >= now() - interval '24 hours' and executed_at < 'infinity'
    order by executed_at desc, id;

    comment on materialized view tidemark.recent_failures is
        'Executions that failed in the 24 hours before the refresh, newest first.';
    create unique index idx_recent_failures_unique on tidemark.recent_failures (id);
    create index idx_recent_failures_trigger_id on tidemark.recent_failures (trigger_id);
    create index idx_recent_failures_executed_at on tidemark.recent_failures (executed_at desc);
    create index idx_recent_failures_action_type on tidemark.recent_failures (action_type);
    create index idx_recent_failures_error_message on tidemark.recent_failures (left(error_message, 200));
    comment on index tidemark.idx_recent_failures_unique is
        'What refresh … concurrently finds rows by; it is needed even where nobody looks for an id.';
    comment on index tidemark.idx_recent_failures_error_message is
        'Serves: where left(error_message, 200) = left($1, 200) and error_message = $1. Any length is fine.';

    -- The hour that the window's edge cuts is read from the source.
    create materialized view tidemark.action_type_distribution as
    select
        action_type,
        sum(executions)::bigint as total_executions,
        coalesce(sum(executions) filter (where status = 'success'), 0)::bigint as success_count,
        coalesce(sum(executions) filter (where status = 'failed'), 0)::bigint as failure_count,
        round(100.0 * sum(executions) / sum(sum(executions)) over (), 2) as percentage,
        tidemark.clamped(sum(duration_sum_ms) / nullif(sum(executions_with_duration), 0))::numeric(10, 2)
            as avg_duration_ms,
        sum(total_retries)::bigint as total_retries,
        max(last_execution_at) as last_execution_at
    from (
        select
            action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries, last_execution_at
        from tidemark.live_executions_hourly
        where hour > now() - interval '30 days'
        union all
        select
            action_type, status, 1, num_nonnulls(duration_ms), coalesce(duration_ms, 0), coalesce(retry_count, 0),
            executed_at
        from public.action_results
        where executed_at >= now() - interval '30 days'
            and executed_at < tidemark.utc_hour(now() - interval '30 days') + interval '1 hour'
    ) as counted
    group by action_type
    order by total_executions desc, action_type;

    comment on materialized view tidemark.action_type_distribution is
        'The 30 days before the refresh by action type, busiest first.';
    comment on column tidemark.action_type_distribution.percentage is
        'Share of all executions; the shares sum to 100 but for rounding.';
    create unique index idx_action_type_distribution_unique on tidemark.action_type_distribution (action_type);
    create index idx_action_type_distribution_executions
        on tidemark.action_type_distribution (total_executions desc);
    comment on index tidemark.idx_action_type_distribution_unique is
        'What refresh … concurrently finds rows by; it is needed even where nobody looks for an action type.';

    perform tidemark.put_views_in_place(
        array['action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution']
    );
    drop materialized view if exists tidemark.duration_histograms_hourly;
    return true;
end
$$;
comment on function tidemark.install_views() is
    'Puts the four views over the live truth in the place of the plain ones; false when they are there already.';
revoke all on function tidemark.install_views() from public;

create function tidemark.most_retries(executions bigint, retry_values integer[], retry_executions bigint[])
returns integer
language sql immutable parallel safe
return case
    when cardinality(retry_values) = 0 then 0
    when executions > (select sum(unnest) from unnest(retry_executions)) then greatest(retry_values[cardinality(retry_values)], 0)
    else retry_values[cardinality(retry_values)]
end;
comment on function tidemark.most_retries(bigint, integer[], bigint[]) is
    'The most retries of any of these executions; those that are not among the counts had none.';
