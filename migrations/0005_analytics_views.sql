-- The four views that everybody reads, and one of Tidemark's own, each built from `action_results` as a whole.
--
-- Hours are UTC hours whatever the time zone of the session. A row without `executed_at`, or at infinity, belongs to no
-- hour and to no window of time, yet counts for its trigger. A missing retry count is none. Percentiles interpolate as
-- `percentile_cont` does. A row dated in the future is in every window that reaches to now.

create materialized view tidemark.action_metrics_hourly as
select
    date_trunc('hour', executed_at, 'UTC') as hour,
    action_type,
    status,
    count(*) as execution_count,
    tidemark.clamped(avg(duration_ms))::numeric(10, 2) as avg_duration_ms,
    tidemark.clamped((percentile_cont(0.50) within group (order by duration_ms))::numeric)::numeric(10, 2)
        as p50_duration_ms,
    tidemark.clamped((percentile_cont(0.95) within group (order by duration_ms))::numeric)::numeric(10, 2)
        as p95_duration_ms,
    tidemark.clamped((percentile_cont(0.99) within group (order by duration_ms))::numeric)::numeric(10, 2)
        as p99_duration_ms,
    min(duration_ms) as min_duration_ms,
    max(duration_ms) as max_duration_ms,
    count(*) filter (where status = 'success') as success_count,
    count(*) filter (where status = 'failed') as failure_count,
    count(*) filter (where status = 'retrying') as retrying_count,
    sum(coalesce(retry_count, 0)) as total_retries,
    count(*) filter (where retry_count > 0) as actions_with_retries
from public.action_results
where isfinite(executed_at)
group by 1, 2, 3
order by 1 desc, 2, 3;

comment on materialized view tidemark.action_metrics_hourly is
    'One row per UTC hour, action type and status, newest hour first.';
comment on column tidemark.action_metrics_hourly.avg_duration_ms is
    'In milliseconds, at most 99999999.99. Combine hours from sums and counts, never by averaging averages.';
comment on column tidemark.action_metrics_hourly.p95_duration_ms is
    'In milliseconds. Combine hours from tidemark.duration_histograms_hourly, never by averaging percentiles.';

create unique index idx_action_metrics_hourly_unique
    on tidemark.action_metrics_hourly (hour, action_type, status);
create index idx_action_metrics_hourly_hour on tidemark.action_metrics_hourly (hour desc);
create index idx_action_metrics_hourly_action_type on tidemark.action_metrics_hourly (action_type);
create index idx_action_metrics_hourly_status on tidemark.action_metrics_hourly (status);
-- A partial index over recent hours would need a fixed date, moved from time to time under a lock, and between two moves
-- it would cover ever more. This one covers what pages ask about recent hours at any time, without visiting the view.
create index idx_action_metrics_hourly_recent
    on tidemark.action_metrics_hourly (hour desc) include (status, execution_count, total_retries);
comment on index tidemark.idx_action_metrics_hourly_unique is
    'What refresh … concurrently finds rows by; its number of scans stays 0, and it is needed all the same.';
comment on index tidemark.idx_action_metrics_hourly_recent is
    'Covers counts of recent hours by status, so that it never has to be moved as a partial index would.';

create materialized view tidemark.trigger_performance_summary as
select
    trigger_id,
    count(*) as total_executions,
    count(*) filter (where status = 'success') as success_count,
    count(*) filter (where status = 'failed') as failure_count,
    count(*) filter (where status = 'retrying') as retrying_count,
    round(100.0 * count(*) filter (where status = 'success') / count(*), 2) as success_rate,
    tidemark.clamped(avg(duration_ms))::numeric(10, 2) as avg_duration_ms,
    tidemark.clamped((percentile_cont(0.50) within group (order by duration_ms))::numeric)::numeric(10, 2)
        as p50_duration_ms,
    tidemark.clamped((percentile_cont(0.95) within group (order by duration_ms))::numeric)::numeric(10, 2)
        as p95_duration_ms,
    tidemark.clamped((percentile_cont(0.99) within group (order by duration_ms))::numeric)::numeric(10, 2)
        as p99_duration_ms,
    min(duration_ms) as min_duration_ms,
    max(duration_ms) as max_duration_ms,
    sum(coalesce(retry_count, 0)) as total_retries,
    tidemark.clamped(avg(coalesce(retry_count, 0)))::numeric(10, 2) as avg_retries,
    max(coalesce(retry_count, 0)) as max_retries,
    max(executed_at) filter (where isfinite(executed_at)) as last_execution_at,
    min(executed_at) filter (where isfinite(executed_at)) as first_execution_at,
    round(
        (
            extract(epoch from max(executed_at) filter (where isfinite(executed_at)))
            - extract(epoch from min(executed_at) filter (where isfinite(executed_at)))
        ) / 3600,
        2
    ) as hours_active
from public.action_results
where trigger_id is not null
group by trigger_id
order by total_executions desc, trigger_id;

comment on materialized view tidemark.trigger_performance_summary is
    'One row per trigger that ever ran, busiest first; executions without a trigger are left out.';
comment on column tidemark.trigger_performance_summary.success_rate is '0 to 100, of all executions.';
comment on column tidemark.trigger_performance_summary.hours_active is
    'Hours between the first and the last execution.';

create unique index idx_trigger_performance_summary_unique on tidemark.trigger_performance_summary (trigger_id);
create index idx_trigger_performance_summary_executions
    on tidemark.trigger_performance_summary (total_executions desc);
create index idx_trigger_performance_summary_success_rate on tidemark.trigger_performance_summary (success_rate);
create index idx_trigger_performance_summary_avg_duration
    on tidemark.trigger_performance_summary (avg_duration_ms desc);
create index idx_trigger_performance_summary_retries on tidemark.trigger_performance_summary (total_retries desc);
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
-- A whole message may be longer than an index entry can be. The start of it finds the same rows, keeps equal messages
-- in one entry however often an incident repeats them (a hash index would chain them), and is in order for prefixes.
create index idx_recent_failures_error_message on tidemark.recent_failures (left(error_message, 200));
comment on index tidemark.idx_recent_failures_unique is
    'What refresh … concurrently finds rows by; it is needed even where nobody looks for an id.';
comment on index tidemark.idx_recent_failures_error_message is
    'Serves: where left(error_message, 200) = left($1, 200) and error_message = $1. Any length is fine.';

create materialized view tidemark.action_type_distribution as
select
    action_type,
    count(*) as total_executions,
    count(*) filter (where status = 'success') as success_count,
    count(*) filter (where status = 'failed') as failure_count,
    round(100.0 * count(*) / sum(count(*)) over (), 2) as percentage,
    tidemark.clamped(avg(duration_ms))::numeric(10, 2) as avg_duration_ms,
    sum(coalesce(retry_count, 0)) as total_retries,
    max(executed_at) as last_execution_at
from public.action_results
where executed_at >= now() - interval '30 days' and executed_at < 'infinity'
group by action_type
order by total_executions desc, action_type;

comment on materialized view tidemark.action_type_distribution is
    'The 30 days before the refresh by action type, busiest first.';
comment on column tidemark.action_type_distribution.percentage is
    'Share of all executions; the shares sum to 100 but for rounding.';

create unique index idx_action_type_distribution_unique on tidemark.action_type_distribution (action_type);
create index idx_action_type_distribution_executions on tidemark.action_type_distribution (total_executions desc);
comment on index tidemark.idx_action_type_distribution_unique is
    'What refresh … concurrently finds rows by; it is needed even where nobody looks for an action type.';

-- Only as far back as pages look, and some days: it has more rows than all the others together.
create materialized view tidemark.duration_histograms_hourly as
select
    date_trunc('hour', executed_at, 'UTC') as hour,
    action_type,
    status,
    tidemark.duration_bucket(duration_ms) as bucket,
    count(*) as executions
from public.action_results
where executed_at >= date_trunc('hour', now(), 'UTC') - interval '7 days'
    and executed_at < 'infinity'
    and duration_ms is not null
group by 1, 2, 3, 4
order by 1 desc, 2, 3, 4;

comment on materialized view tidemark.duration_histograms_hourly is
    'How many executions of each hour of the last 7 days took about how long. Percentiles over several hours are merged from these, within 1%.';

create unique index duration_histograms_hourly_unique
    on tidemark.duration_histograms_hourly (hour, action_type, status, bucket);
comment on index tidemark.duration_histograms_hourly_unique is
    'What refresh … concurrently finds rows by, and pages the buckets of some hours.';

select tidemark.put_views_in_place(
    array['action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution']
);
