-- What may this person do now? An admin who is the last one stays one: then nothing is changed.
update tidemark.users as users
set role = $2, organizations = $3, is_disabled = $4
where id = $1 and (
    ($2 = 'admin' and not $4)
    or users.role <> 'admin'
    or exists (
        select from tidemark.users as other where other.role = 'admin' and not other.is_disabled and other.id <> $1
    )
)
returning id
