-- What was the annotation $1, which is gone now? Removes it, if it is there.
delete from tidemark.annotations where id = $1 returning id, at, until, kind, text, created_by, created_at
