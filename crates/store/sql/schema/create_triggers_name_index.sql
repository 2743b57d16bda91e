-- Which triggers come next by name? Only the start of a name is indexed: it may be longer than an index entry can be, and
-- then nobody could insert it any more.
create index concurrently tidemark_triggers_name on public.triggers (left(lower(name), 200), id)
