-- Who may choose a password, once, until when? Links for the same person that were not used are void.
with voided as (
    delete from tidemark.invitations where user_id is not distinct from $2 or expires_at < now()
)
insert into tidemark.invitations (token_hash, user_id, expires_at) values ($1, $2, $3)
