-- Which login failed?
insert into tidemark.login_attempts (account, address, device_hash) values (lower($1), $2, $3)
