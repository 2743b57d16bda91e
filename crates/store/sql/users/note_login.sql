-- When did this person log in last?
update tidemark.users set last_login_at = now() where id = $1
