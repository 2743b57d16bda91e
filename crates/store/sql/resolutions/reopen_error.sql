-- What was said of the kind of error $1, which is open again? No row where it was not resolved.
delete from tidemark.resolved_errors where fingerprint = $1 returning resolved_at, resolved_by, note
