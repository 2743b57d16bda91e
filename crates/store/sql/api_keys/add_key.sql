-- Which key is new?
insert into tidemark.api_keys (name, key_hash, hint, role, organizations, created_by, expires_at)
values ($1, $2, $3, $4, $5, $6, $7)
returning id
