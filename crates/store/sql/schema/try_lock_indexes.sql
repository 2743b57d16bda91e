-- May this session make indexes? Asked again and again instead of waited for: an index made concurrently waits for all
-- who wait, so two servers would wait for each other. 1953064037 is "tide" in ASCII.
select pg_try_advisory_lock(1953064037, 3) as "locked!"
