-- What could run just now, when nothing ran for a while? What came next after a random moment of the last week,
-- or else the newest of all.
with moment as (
    select now() - random() * interval '168 hours' as at
),
picked as (
    (
        select *
        from public.action_results
        where executed_at >= (select at from moment) and executed_at <= now()
        order by executed_at
        limit 1
    )
    union all
    (
        select *
        from public.action_results
        where executed_at <= now()
        order by executed_at desc
        limit 1
    )
    limit 1
)
insert into public.action_results (
    id, job_id, trigger_id, event_id, action_type, status, executed_at, duration_ms, error_message, response_data,
    retry_count
)
select
    'again-' || gen_random_uuid()::text, job_id, trigger_id, event_id, action_type, status, now(), duration_ms, error_message,
    response_data, retry_count
from picked
