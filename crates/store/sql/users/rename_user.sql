-- What is this person called from now on? Nothing is changed where somebody else of the same source has that name.
update tidemark.users as users
set name = $2
where id = $1 and not exists (
    select
    from tidemark.users as other
    where other.source = users.source and lower(other.name) = lower($2) and other.id <> $1
)
returning id
