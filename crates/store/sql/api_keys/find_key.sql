-- Whose key is this, if it is good? It is noted as used at most once a minute.
with used as (
    update tidemark.api_keys
    set last_used_at = now()
    where key_hash = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')
        and revoked_at is null and expires_at > now()
)
select name, role, organizations
from tidemark.api_keys
where key_hash = $1 and revoked_at is null and expires_at > now()
