-- How often and how long did a server's statements run since it told last? Each of $1 ran $2 times, $3 ms in all and $4 ms
-- at most; that is added to what is known of this UTC day.
with measured as (
    select md5(statement) as hash, statement, calls, total_ms, longest_ms
    from unnest($1::text[], $2::bigint[], $3::float8[], $4::float8[]) as measured (statement, calls, total_ms, longest_ms)
),
told as (
    insert into tidemark.statements (hash, statement)
    select hash, statement from measured order by hash
    -- Named again where it is known, so that it can't be forgotten before what follows is added.
    on conflict (hash) do update set statement = excluded.statement
    returning hash
)
insert into tidemark.statement_days as known (day, hash, calls, total_ms, longest_ms)
select (now() at time zone 'UTC')::date, measured.hash, measured.calls, measured.total_ms, measured.longest_ms
from measured
join told on told.hash = measured.hash
order by measured.hash
on conflict (day, hash) do update set
    calls = known.calls + excluded.calls,
    total_ms = known.total_ms + excluded.total_ms,
    longest_ms = greatest(known.longest_ms, excluded.longest_ms)
