-- From which browser did somebody log in?
insert into tidemark.devices (token_hash, user_id) values ($1, $2)
on conflict (token_hash) do update set user_id = excluded.user_id, last_seen_at = now()
