-- The triggers of the file, new or as they are now; whether one is enabled stays as it is where the file does not say.
insert into public.triggers (id, name, enabled)
select named.id, named.name, coalesce(named.enabled, present.enabled, true)
from unnest($1::text[], $2::text[], $3::boolean[]) as named (id, name, enabled)
left join public.triggers as present on present.id = named.id
on conflict (id) do update
set name = excluded.name, enabled = excluded.enabled
