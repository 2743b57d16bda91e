-- What ran of the triggers of each organization in hours and in parts of hours, by how it ended, bar by bar, and in all bars
-- from number $6 on? What ran from the moments $2 on and before the moments $3 counts $5 times for the bars $4: the hours $1,
-- and shorter parts, read from the source by its index on executed_at. Only of action type $7, status $8 and triggers $9,
-- where those are asked for. What is stored is summed up apart from what changed since, since only so do several processes
-- sum it up.
with part as (
    select begins, ends, bar, times
    from unnest($2::timestamptz[], $3::timestamptz[], $4::integer[], $5::smallint[]) as part (begins, ends, bar, times)
),
stored as (
    select
        directory.organization_id, ran.status, ran.hour,
        sum(ran.executions)::bigint as executions,
        sum(ran.executions_with_duration) as executions_with_duration,
        sum(ran.duration_sum_ms) as duration_sum_ms,
        sum(ran.total_retries) as total_retries
    from tidemark.trigger_executions_hourly as ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where tidemark.truncated_at() is null and directory.organization_id is not null and ran.hour = any($1)
        and ($7::text is null or ran.action_type = $7) and ($8::text is null or ran.status = $8)
        and ($9::text[] is null or ran.trigger_id = any($9))
    group by directory.organization_id, ran.status, ran.hour
),
changed as (
    select
        directory.organization_id, ran.status, ran.hour,
        ran.executions, ran.executions_with_duration, ran.duration_sum_ms, ran.total_retries
    from tidemark.trigger_changes('infinity', $9) as ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where directory.organization_id is not null and ran.hour = any($1)
        and ($7::text is null or ran.action_type = $7) and ($8::text is null or ran.status = $8)
),
minutes as (
    select
        directory.organization_id, result.status, minutes.begins, minutes.ends,
        sum(result.executions)::bigint as executions,
        sum(result.executions_with_duration) as executions_with_duration,
        sum(result.duration_sum_ms) as duration_sum_ms,
        sum(result.total_retries) as total_retries
    from (select distinct begins, ends from part where ends - begins < interval '1 hour') as minutes
    cross join lateral (
        select
            trigger_id, status, count(*) as executions, count(duration_ms) as executions_with_duration,
            coalesce(sum(duration_ms), 0) as duration_sum_ms, coalesce(sum(retry_count), 0) as total_retries
        from public.action_results
        where executed_at >= minutes.begins and executed_at < minutes.ends
            and ($7::text is null or action_type = $7) and ($8::text is null or status = $8)
            and ($9::text[] is null or trigger_id = any($9))
        group by trigger_id, status
    ) as result
    join tidemark.trigger_directory as directory on directory.id = result.trigger_id
    where directory.organization_id is not null
    group by directory.organization_id, result.status, minutes.begins, minutes.ends
),
counted as (
    select
        organization_id, status, hour as begins, hour + interval '1 hour' as ends, executions, executions_with_duration,
        duration_sum_ms, total_retries
    from (select * from stored union all select * from changed) as hours
    union all
    select * from minutes
)
select
    organization_id as "organization_id!",
    status as "status!",
    coalesce(sum(times * executions_with_duration) filter (where bar >= $6), 0)::bigint as "executions_with_duration!",
    coalesce(sum(times * duration_sum_ms) filter (where bar >= $6), 0)::bigint as "duration_sum_ms!",
    coalesce(sum(times * total_retries) filter (where bar >= $6), 0)::bigint as "total_retries!",
    array_agg(bar) as "bars!",
    array_agg(times * executions) as "executions!"
from counted
join part using (begins, ends)
group by organization_id, status
