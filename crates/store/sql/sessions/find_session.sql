-- Whose session is this, if it was seen since $2 and began since $3? It is noted as seen at most once a minute.
with seen as (
    update tidemark.sessions
    set last_seen_at = now()
    where token_hash = $1 and last_seen_at >= $2 and created_at >= $3 and last_seen_at < now() - interval '1 minute'
)
select users.id, users.name, users.source, users.role, users.organizations, users.is_disabled, users.password_hash
from tidemark.sessions as session
join tidemark.users as users on users.id = session.user_id
where session.token_hash = $1 and session.last_seen_at >= $2 and session.created_at >= $3 and not users.is_disabled
