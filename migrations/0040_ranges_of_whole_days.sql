-- How far a range reaches that is counted next, told by whole days. The newest day holds what ran until now: shortly after
-- midnight it is next to nothing, and a range told by it would be a year.

create or replace function tidemark.next_range(until_at timestamptz, rows_at_most bigint)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    newest constant timestamptz := (
        select executed_at
        from public.action_results
        where executed_at < until_at and executed_at > '-infinity'
        order by executed_at desc
        limit 1
    );
    days float8;
    begins timestamptz;
begin
    -- Days before may hold more than those that are known, so there is an end to trusting in that.
    select least(rows_at_most * count(distinct day) / nullif(sum(executions), 0), 16 * nullif(count(distinct day), 0))
    into days
    from tidemark.executions_daily
    where day < (select max(day) from tidemark.executions_daily);
    -- While no whole day is known, the newest one is counted with the one before it.
    days := greatest(floor(coalesce(days, 2)), 1);
    if newest >= '0001-01-01 00:00:00+00' then
        begins := tidemark.utc_day(newest) - interval '1 day' * (days - 1);
        if exists (select from public.action_results where executed_at < begins and executed_at > '-infinity') then
            return begins;
        end if;
    end if;
    return '-infinity';
end
$$;
