-- When did the newest action run, future ones aside?
select executed_at as "executed_at!"
from public.action_results
where executed_at <= now()
order by executed_at desc
limit 1
