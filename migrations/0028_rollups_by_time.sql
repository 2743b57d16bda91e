-- What ran of all triggers at some time, as an organization's page asks, is read by these: the primary keys begin with the
-- trigger. An hour or day never changes once it is stored, so updates of its counts stay as cheap as they are.

create index trigger_executions_hourly_hour on tidemark.trigger_executions_hourly (hour);
create index trigger_executions_daily_day on tidemark.trigger_executions_daily (day);

-- They only read, at the snapshot of who asks, so several processes may add up the many rows of many triggers.
alter function tidemark.truncated_at() parallel safe;
alter function tidemark.built_frontier() parallel safe;
alter function tidemark.trigger_changes(timestamptz) parallel safe;
