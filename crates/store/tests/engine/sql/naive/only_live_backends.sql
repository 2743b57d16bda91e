-- Waiting for backends alone: a prepared transaction has none.
create or replace function tidemark.writers_are_done(patience interval)
returns boolean
language plpgsql
as $$
declare
    gives_up_at constant timestamptz := clock_timestamp() + patience;
    waits_for constant integer[] := array(select pid from tidemark.writers() where pid is not null);
    are_done boolean := false;
begin
    while not are_done and clock_timestamp() < gives_up_at loop
        are_done := not exists (select from tidemark.writers() where pid = any (waits_for));
        perform pg_sleep(0.005);
    end loop;
    perform barrier.pass(3);
    return are_done;
end
$$;
