-- Was there any execution before the hour $1?
select exists (select from tidemark.live_executions_hourly where hour < $1) as "has_earlier!"
