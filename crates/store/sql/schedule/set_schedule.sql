-- What does an admin say about refreshes from now on?
insert into tidemark.schedule (is_paused, profile, every, changed_by)
values ($1, $2, make_interval(secs => $3::float8), $4)
on conflict (is_only) do update
set is_paused = excluded.is_paused, profile = excluded.profile, every = excluded.every,
    changed_by = excluded.changed_by, changed_at = now()
