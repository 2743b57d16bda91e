-- When was the first execution, from the hour $1 on?
select min(hour) as hour from tidemark.live_executions_hourly where hour >= $1
