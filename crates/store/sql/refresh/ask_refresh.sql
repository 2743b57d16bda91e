-- Who asks, and how long may it take?
select
    set_config('tidemark.asked_by', $1, true) as asked_by,
    set_config('statement_timeout', $2, true) as statement_timeout
