-- Which sessions were not seen since $1, or began before $2?
delete from tidemark.sessions where last_seen_at < $1 or created_at < $2
