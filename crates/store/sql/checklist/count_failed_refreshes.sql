-- How many refreshes of the last 24 hours failed, of how many?
select count(*) filter (where not success) as "failed!", count(*) as "all!"
from tidemark.refresh_log
where started_at > now() - interval '24 hours'
