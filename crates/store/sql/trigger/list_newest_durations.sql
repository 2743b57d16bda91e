-- How long did the newest $4 executions of trigger $1 from $2 on and before $3 take? Of those, only action type $5 and
-- status $6, where these are asked for. By the index on (trigger_id, executed_at), the only one that such a comparison fits.
select executed_at as "executed_at!", duration_ms
from (
    select executed_at, duration_ms, action_type, status
    from public.action_results
    where trigger_id = $1 and (trigger_id, executed_at) >= ($1, $2) and (trigger_id, executed_at) < ($1, $3)
    order by executed_at desc
    limit $4
) as newest
where ($5::text is null or action_type = $5) and ($6::text is null or status = $6)
