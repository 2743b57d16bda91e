-- Since when is the kind of error $1 resolved, as $2 says from now on with the note $3, and how was that before?
with before as (
    select resolved_at, resolved_by, note from tidemark.resolved_errors where fingerprint = $1
),
kept as (
    insert into tidemark.resolved_errors (fingerprint, resolved_by, note)
    values ($1, $2, $3)
    on conflict (fingerprint) do update
    set resolved_at = excluded.resolved_at, resolved_by = excluded.resolved_by, note = excluded.note
    returning resolved_at
)
select
    kept.resolved_at as "resolved_at!",
    before.resolved_at as "resolved_at_before?",
    before.resolved_by as "resolved_by_before?",
    before.note as "note_before?"
from kept
left join before on true
