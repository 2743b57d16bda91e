-- Did the person called $2 log in from this browser before?
select exists (
    select
    from tidemark.devices as device
    join tidemark.users as users on users.id = device.user_id
    where device.token_hash = $1 and users.source = 'local' and lower(users.name) = lower($2)
) as "is_known!"
