-- Marks what happened at $1, or until $2, of kind $3: what says $4 about it, by $5. How is it kept?
insert into tidemark.annotations (at, until, kind, text, created_by)
values ($1, $2, $3, $4, $5)
returning id, created_at
