-- Who is new? Answers nothing where somebody has that name already.
insert into tidemark.users (name, source, subject, password_hash, role, organizations)
values ($1, $2, $3, $4, $5, $6)
on conflict do nothing
returning id
