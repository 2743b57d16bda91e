-- Scanning and adding up first, and emptying the log afterwards: what was logged in between is lost.
do $$
begin
    execute replace(
        replace(
            pg_get_functiondef('tidemark.store_changes_itself(timestamptz)'::regprocedure),
            'tidemark.store_changes_itself(', 'tidemark.scan('
        ),
        'delete from tidemark.change_log returning weight, executed_at',
        'select weight, executed_at from tidemark.change_log'
    );
end
$$;
create or replace function tidemark.store_changes(
    until timestamptz, out tail_rows bigint, out log_entries bigint, out late_rows bigint
)
language plpgsql
as $$
begin
    select * from tidemark.scan(until) into tail_rows, log_entries, late_rows;
    perform barrier.pass(4);
    delete from tidemark.change_log;
end
$$;
