-- Whose sessions are all over?
delete from tidemark.sessions where user_id = $1
