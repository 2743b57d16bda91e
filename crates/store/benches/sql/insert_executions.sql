-- What ran? $1 executions of $2 triggers, spread over the last $3 seconds, oldest first. Some triggers run far more often
-- than others; durations are lognormal, from 20 ms to 5 minutes; 3% failed and 2% are retrying.
insert into public.action_results (
    id, job_id, trigger_id, event_id, action_type, status, executed_at, duration_ms, error_message, response_data,
    retry_count
)
select
    gen_random_uuid()::text,
    gen_random_uuid()::text,
    md5('trigger ' || 1 + floor($2::integer * power(which_trigger, 2.5))::integer)::uuid::text,
    gen_random_uuid()::text,
    case when which_type < 0.5 then 'rest' when which_type < 0.8 then 'telegram' else 'mcp' end,
    case when which_status < 0.03 then 'failed' when which_status < 0.05 then 'retrying' else 'success' end,
    clock_timestamp() - make_interval(secs => $3::float8 * (1 - (n - moment) / $1::integer)),
    least(greatest(exp(6.4 + 1.5 * sqrt(-2 * ln(1 - height)) * cos(2 * pi() * angle)), 20), 300000)::integer,
    case
        when which_status < 0.03 then
            (array[
                'connection timed out', 'HTTP 500: internal server error', 'HTTP 429: too many requests',
                'invalid response', 'permission denied'
            ])[1 + floor(5 * which_detail)::integer]
    end,
    case when which_status >= 0.05 then jsonb_build_object('code', 200) end,
    case when which_status < 0.05 then 1 + floor(3 * which_detail)::integer when which_detail < 0.05 then 1 else 0 end
from (
    select
        n, random() as moment, random() as which_trigger, random() as which_type, random() as which_status,
        random() as which_detail, random() as height, random() as angle
    from generate_series(1, $1::integer) as n
) as drawn
