-- Which failed logins are long ago?
delete from tidemark.login_attempts where at < $1
