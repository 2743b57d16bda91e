-- Which link is used up?
delete from tidemark.invitations where token_hash = $1 and expires_at > now() returning user_id
