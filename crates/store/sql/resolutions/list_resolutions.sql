-- Which of the kinds of error $1 are resolved, since when, and what is said about it?
select fingerprint, resolved_at, resolved_by, note
from tidemark.resolved_errors
where fingerprint = any($1)
