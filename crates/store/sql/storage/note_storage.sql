-- How large is everything now? Looked at unless somebody did in the last $1 seconds; rows are counted in tables of up to $2
-- bytes, and looks from before $3 days are forgotten.
with due as (
    select
    where not exists (select from tidemark.storage_looks where taken_at > now() - make_interval(secs => $1::float8))
),
forgotten as (
    delete from tidemark.storage_looks where taken_at < now() - make_interval(days => $3::integer)
)
insert into tidemark.storage_looks
select looked.*
from due
cross join tidemark.look_at_storage($2) as looked
on conflict do nothing
