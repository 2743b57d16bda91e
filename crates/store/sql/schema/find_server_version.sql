-- Which Postgres is this?
select current_setting('server_version_num')::integer as "number!", current_setting('server_version') as "name!"
