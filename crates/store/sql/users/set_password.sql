-- What is the password of this person from now on?
update tidemark.users set password_hash = $2 where id = $1 and source = 'local'
