-- Who did what?
insert into tidemark.audit_log (actor, address, act, target, before, after) values ($1, $2, $3, $4, $5, $6)
