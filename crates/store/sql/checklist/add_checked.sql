-- What was seen of the item $1 just now? By the person $2, or by Tidemark itself.
insert into tidemark.checklist (item, checked_by, is_good, evidence) values ($1, $2, $3, $4)
