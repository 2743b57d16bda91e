-- Who is it that is called $2 and vouched for by $1, and what is the hash of the password?
select id, name, source, role, organizations, is_disabled, password_hash
from tidemark.users
where source = $1 and lower(name) = lower($2)
