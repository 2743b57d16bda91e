-- How are executions spread over action types, as of the last refresh?
select *
from public.action_type_distribution
order by total_executions desc
