-- How many executions of each organization do hours move between bars? What ran in the hours $1 counts $3 times for the bars $2,
-- in all as often as it is taken away; so how it ended and how long it took need not be read. Only of action type $4, status $5
-- and triggers $6, where those are asked for. What is stored is summed up apart from what changed since, since only so do
-- several processes sum it up.
with part as (
    select hour, bar, times from unnest($1::timestamptz[], $2::integer[], $3::smallint[]) as part (hour, bar, times)
),
stored as (
    select directory.organization_id, ran.hour, sum(ran.executions)::bigint as executions
    from tidemark.trigger_executions_hourly as ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where tidemark.truncated_at() is null and directory.organization_id is not null and ran.hour = any($1)
        and ($4::text is null or ran.action_type = $4) and ($5::text is null or ran.status = $5)
        and ($6::text[] is null or ran.trigger_id = any($6))
    group by directory.organization_id, ran.hour
),
changed as (
    select directory.organization_id, ran.hour, ran.executions
    from tidemark.trigger_changes('infinity', $6) as ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where directory.organization_id is not null and ran.hour = any($1)
        and ($4::text is null or ran.action_type = $4) and ($5::text is null or ran.status = $5)
)
select
    organization_id as "organization_id!",
    array_agg(bar) as "bars!",
    array_agg(times * executions) as "executions!"
from (select * from stored union all select * from changed) as counted
join part using (hour)
group by organization_id
