-- Did anything ever run?
select exists (select from tidemark.live_executions_hourly) as "has_run!"
