-- Is there a trigger $1, one of the organizations $2 where those are asked for?
select exists (
    select
    from tidemark.trigger_directory
    where id = $1 and ($2::text[] is null or organization_id = any($2))
) as "is_trigger!"
