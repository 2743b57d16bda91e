-- Which of Tidemark's own statements took longest in the mean over the last $1 days? The first $2, with what all took.
select
    statements.statement as "statement!",
    measured.calls as "calls!",
    measured.total_ms as "total_ms!",
    measured.longest_ms as "longest_ms!",
    measured.kinds as "kinds!",
    measured.all_calls as "all_calls!",
    measured.all_ms as "all_ms!"
from (
    select
        hash,
        sum(calls)::bigint as calls,
        sum(total_ms) as total_ms,
        max(longest_ms) as longest_ms,
        count(*) over () as kinds,
        (sum(sum(calls)) over ())::bigint as all_calls,
        sum(sum(total_ms)) over () as all_ms
    from tidemark.statement_days
    where day > (now() at time zone 'UTC')::date - $1::integer
    group by hash
    order by sum(total_ms) / sum(calls) desc
    limit $2
) as measured
join tidemark.statements on statements.hash = measured.hash
order by measured.total_ms / measured.calls desc
