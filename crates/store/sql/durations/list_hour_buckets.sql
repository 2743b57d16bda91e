-- How long did executions take in each of the last 24 hours, up to the one that $1 is in?
select hour as "hour!", bucket as "bucket!", sum(executions)::bigint as "executions!"
from tidemark.duration_histograms_hourly
where hour > $1::timestamptz - interval '24 hours' and hour <= $1
group by hour, bucket
