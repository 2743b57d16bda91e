-- As of when is the order of triggers? A check that proved that nothing had changed is as good as a refresh.
select greatest(log.data_as_of, (select checked_at from tidemark.frontier)) as "ranked_at!"
from tidemark.refresh_log as log
where log.view_name = 'trigger_performance_summary' and log.success
order by log.data_as_of desc
limit 1
