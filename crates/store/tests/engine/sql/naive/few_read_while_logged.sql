-- After a build, few durations are read from the rows though some of them are still in the log: they come twice.
do $$
declare
    right_one constant text := pg_get_functiondef('tidemark.finish_triggers(timestamptz)'::regprocedure);
    naive constant text := replace(right_one, 'when counted.trigger_id in (', 'when false and counted.trigger_id in (');
begin
    if naive = right_one then
        raise exception 'finish_triggers is another now: %', right_one;
    end if;
    execute naive;
end
$$;
