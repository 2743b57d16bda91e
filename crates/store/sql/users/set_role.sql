-- May this person do something else now? Who is kept out stays as they were, and an admin who is the last one stays one: then
-- nothing is changed.
update tidemark.users as users
set role = $2
where id = $1 and not is_disabled and (
    $2 = 'admin'
    or users.role <> 'admin'
    or exists (
        select from tidemark.users as other where other.role = 'admin' and not other.is_disabled and other.id <> $1
    )
)
returning id
