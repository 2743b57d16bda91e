-- Which keys are there, newest first?
select id, name, hint, role, organizations, created_by, created_at, expires_at, last_used_at, revoked_at
from tidemark.api_keys
order by created_at desc, id desc
limit $1
