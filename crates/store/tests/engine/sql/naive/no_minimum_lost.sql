-- Least and most are only ever added to, also when the row that had them went.
do $$
declare
    right_one constant text := pg_get_functiondef('tidemark.changed_executions_hourly(timestamptz)'::regprocedure);
    wrong_one constant text := regexp_replace(right_one, 'where new\.is_to_be_read', 'where false and new.is_to_be_read');
    naive constant text := replace(wrong_one, 'when new.is_to_be_read then again.', 'when false then again.');
begin
    if naive = right_one or naive = wrong_one then
        raise exception 'changed_executions_hourly reads again in another way now: %', right_one;
    end if;
    execute naive;
end
$$;
