-- Whose browsers are strangers again?
delete from tidemark.devices where user_id = $1
