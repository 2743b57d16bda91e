-- May this session count? One at a time does; its turn ends with the session. 1953064037 is "tide" in ASCII.
select pg_try_advisory_lock(1953064037, 4) as "is_turn!"
