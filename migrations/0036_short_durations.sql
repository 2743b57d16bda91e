-- Histograms as bytes are about to become short enough to lie beside the sums that they are read with (0037); the arrays, which
-- are read one by one, make room for them.

-- As a fold does it: first this lock, then the tables.
select pg_advisory_xact_lock(1953064037, 1);
alter table tidemark.executions_hourly alter column durations set storage main;
alter table tidemark.executions_daily alter column durations set storage main;
