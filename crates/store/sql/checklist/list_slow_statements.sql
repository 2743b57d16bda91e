-- Which statement took longest in the mean since yesterday, but for refreshes, and for what counts rows anew: that takes as
-- long as there are rows?
select statements.statement as "statement!", sum(known.total_ms) / sum(known.calls) as "mean_ms!"
from tidemark.statement_days as known
join tidemark.statements on statements.hash = known.hash
where known.day >= (now() at time zone 'UTC')::date - 1
    and not statements.is_refresh
    and statements.statement !~ 'tidemark\.(find_\w*differences|rebuild_)'
group by statements.hash
order by 2 desc
limit 1
