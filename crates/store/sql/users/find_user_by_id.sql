-- Who is it that has this number?
select id, name, source, role, organizations, is_disabled, password_hash
from tidemark.users
where id = $1
