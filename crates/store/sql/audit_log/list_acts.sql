-- What was done, newest first? Before the act $1, where a page before ended, and only what holds the text $2 in a name.
select
    id,
    at,
    actor,
    address,
    act,
    target,
    jsonb_pretty(before) as before,
    jsonb_pretty(after) as after
from tidemark.audit_log
where ($1::bigint is null or id < $1)
    and ($2::text is null or strpos(lower(actor || ' ' || act || ' ' || target), lower($2)) > 0)
order by id desc
limit $3
