-- Who is it for whom an OpenID provider vouches by this issuer and subject?
select id, name, source, role, organizations, is_disabled, password_hash
from tidemark.users
where subject = $1
