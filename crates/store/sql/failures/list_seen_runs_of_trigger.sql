-- Which of the newest $4 executions of the trigger $13 from $1 on and before $2 ended as $12 and fit, newest first? At that
-- moment itself only those with an id after $3, where a page before ended at one. Fitting are those of action type $6 and
-- triggers $7 that hold the text $8, where those are asked for, in the first $9 characters of their message, in a response of
-- at most $10 bytes or as an id. The last one that was looked at is answered too, where there may be more. At most $11 fitting
-- ones. By the index on (trigger_id, executed_at), the only one that such a comparison of both fits.
with looked_at as (
    select *, row_number() over (order by executed_at desc, id) as place
    from (
        select id, job_id, event_id, trigger_id, action_type, status, executed_at, error_message, response_data
        from public.action_results
        where trigger_id = $13
            and (trigger_id, executed_at) >= ($13, $1) and (trigger_id, executed_at) <= ($13, $2)
            and (executed_at < $2 or id > $3)
        order by executed_at desc, id
        limit $4
    ) as newest
),
judged as (
    select
        looked_at.*,
        status = $12 and ($6::text is null or action_type = $6) and ($7::text[] is null or trigger_id = any($7)) and case
            when $8::text is null or $8 in (id, job_id, event_id) then true
            when strpos(lower(left(error_message, $9)), lower($8)) > 0 then true
            when pg_column_size(response_data) <= $10 then strpos(lower(response_data::text), lower($8)) > 0
            else false
        end as fits
    from looked_at
)
select
    id as "id!",
    trigger_id,
    action_type as "action_type!",
    left(error_message, $5) as message,
    executed_at as "executed_at!",
    fits as "fits!",
    place = $4 as "is_last!"
from judged
where fits or place = $4
order by executed_at desc, id
limit $11
