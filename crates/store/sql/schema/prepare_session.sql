-- How long may a migration wait for a lock, and how long may it take? Others queue behind one that waits, so it soon gives up.
select set_config('lock_timeout', $1, false) as lock_timeout, set_config('statement_timeout', '0', false) as statement_timeout
