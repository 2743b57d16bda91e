-- Which transactions have been open for over $1 seconds after they wrote to the source?
select
    coalesce('pid ' || pid, 'the prepared transaction ' || prepared_as) as "subject!",
    format('%s of %s has been open since %s UTC: %s', coalesce(nullif(application_name, ''), 'a session'), user_name,
        to_char((clock_timestamp() - transaction_age) at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), left(query, 200)) as "evidence!",
    array[case
        when prepared_as is null then format('select pg_terminate_backend(%s)', pid)
        else format('rollback prepared %L', prepared_as)
    end] as statements,
    null as advice
from tidemark.frontier_holders()
where transaction_age > make_interval(secs => $1::float8)
order by transaction_age desc
