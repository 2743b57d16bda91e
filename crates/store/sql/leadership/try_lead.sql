-- May this server lead? One session of this database at most holds the lock; it ends with the session.
-- 1953064037 is "tide" in ASCII.
select pg_try_advisory_lock(1953064037, 2) as "leads!"
