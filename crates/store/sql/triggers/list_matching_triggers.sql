-- Which triggers belong to the organizations $1, have the text $2 in their name or as their id, or are $3, where those are
-- asked for? At most $4. Looks through all names where a text is asked for.
select id as "id!"
from tidemark.trigger_directory
where ($1::text[] is null or organization_id = any($1))
    and ($2::text is null or strpos(lower(name), lower($2)) > 0 or id = $2)
    and ($3::text is null or id = $3)
limit $4
