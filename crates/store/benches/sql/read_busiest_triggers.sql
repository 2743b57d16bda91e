-- Which 50 triggers ran most often?
select *
from public.trigger_performance_summary
order by total_executions desc
limit 50
