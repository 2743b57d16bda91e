-- How long did statements run before $1 days? That is forgotten, and statements that nobody has run since with it.
with old as (
    delete from tidemark.statement_days where day < (now() at time zone 'UTC')::date - $1::integer
)
delete from tidemark.statements
where not exists (
    select
    from tidemark.statement_days as known
    where known.hash = statements.hash and known.day >= (now() at time zone 'UTC')::date - $1::integer
)
