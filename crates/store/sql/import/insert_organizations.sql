-- Organizations that the triggers file names and the database does not have yet.
insert into public.organizations (id, name)
select id, name from unnest($1::text[], $2::text[]) as named (id, name)
on conflict (id) do nothing
