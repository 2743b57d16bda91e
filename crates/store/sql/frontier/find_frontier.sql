-- How far have the rollups come, and how much waits in the log to be added to them?
select
    frontier_at as "frontier_at!",
    (select count(*) from tidemark.change_log) as "log_entries!"
from tidemark.frontier
