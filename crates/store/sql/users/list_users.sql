-- Who may log in, by name? With how many sessions that were seen since $1 and began since $2.
select
    users.id,
    users.name,
    users.source,
    users.role,
    users.organizations,
    users.is_disabled,
    users.created_at,
    users.last_login_at,
    users.password_hash is not null as "has_password!",
    (
        select count(*)
        from tidemark.sessions as session
        where session.user_id = users.id and session.last_seen_at >= $1 and session.created_at >= $2
    ) as "sessions!"
from tidemark.users as users
order by lower(users.name), users.source
limit $3
