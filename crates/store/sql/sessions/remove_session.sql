-- Which session is over?
delete from tidemark.sessions where token_hash = $1
