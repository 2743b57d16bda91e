-- Who logged in, and from where?
insert into tidemark.sessions (token_hash, user_id, address, agent) values ($1, $2, $3, $4)
