-- Was this index left behind half made? Then it is in the way of a whole one.
drop index concurrently if exists public.tidemark_triggers_name
