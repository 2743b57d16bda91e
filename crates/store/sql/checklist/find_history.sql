-- How far back does everything reach, and how many executions are older than 90 days?
select
    (select min(executed_at) from public.action_results) as first_execution,
    (
        select coalesce(sum(executions), 0)::bigint
        from tidemark.live_executions_daily
        where day < now() - interval '90 days'
    ) as "old_executions!",
    (select min(started_at) from tidemark.refresh_log) as first_refresh,
    (select min(at) from tidemark.audit_log) as first_act
