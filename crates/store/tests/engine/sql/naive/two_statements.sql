-- Draining the log and scanning the tail as two statements, hence with two snapshots.
do $$
declare
    one_statement constant text := pg_get_functiondef('tidemark.store_changes_itself(timestamptz)'::regprocedure);
    only_scans constant text := replace(
        replace(one_statement, 'tidemark.store_changes_itself(', 'tidemark.scan_tail('),
        'delete from tidemark.change_log returning weight, executed_at',
        'select weight, executed_at from tidemark.change_log'
    );
begin
    if only_scans like '%delete from tidemark.change_log%' or only_scans not like '%from tidemark.change_log%' then
        raise exception 'store_changes drains in another way now: %', one_statement;
    end if;
    execute only_scans;
end
$$;
create or replace function tidemark.store_changes(
    until timestamptz, out tail_rows bigint, out log_entries bigint, out late_rows bigint
)
language plpgsql
as $$
begin
    select * from tidemark.store_changes_itself((select frontier_at from tidemark.frontier)) into tail_rows, log_entries, late_rows;
    perform barrier.pass(4);
    select * from tidemark.scan_tail(until) into tail_rows, log_entries, late_rows;
end
$$;
