-- Which open transaction that wrote is the oldest? Rows that came since can't be folded before it ends. Of its query the
-- first $1 characters are told.
select
    pid,
    prepared_as,
    user_name,
    application_name,
    clock_timestamp() - coalesce(transaction_age, interval '0 s') as "since!",
    left(query, $1) as query
from tidemark.frontier_holders()
order by transaction_age desc nulls last
limit 1
