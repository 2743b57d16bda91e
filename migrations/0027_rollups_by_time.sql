-- What ran of all triggers at some time is read by these: the primary keys begin with the trigger. An hour or day never
-- changes once it is stored, so updates of its counts stay as cheap as they are.

create index trigger_executions_hourly_hour on tidemark.trigger_executions_hourly (hour);
create index trigger_executions_daily_day on tidemark.trigger_executions_daily (day);
