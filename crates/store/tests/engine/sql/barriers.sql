-- A fold that can be stopped between any two of its steps: each step is wrapped in a function of its name that passes
-- barriers. A barrier is an advisory lock; whoever holds it stops the fold there. The places are those of `Gap`.

create schema barrier;

create function barrier.pass(place integer)
returns void
language plpgsql
as $$
begin
    perform pg_advisory_lock_shared(7701, place);
    perform pg_advisory_unlock_shared(7701, place);
end
$$;

alter function tidemark.raise_watermark() rename to raise_watermark_itself;
create function tidemark.raise_watermark()
returns timestamptz
language plpgsql
as $$
declare
    watermark timestamptz;
begin
    perform barrier.pass(0);
    watermark := tidemark.raise_watermark_itself();
    perform barrier.pass(1);
    return watermark;
end
$$;

alter function tidemark.writers_are_done(interval) rename to writers_are_done_itself;
create function tidemark.writers_are_done(patience interval)
returns boolean
language plpgsql
as $$
declare
    are_done boolean;
begin
    are_done := tidemark.writers_are_done_itself(patience);
    perform barrier.pass(3);
    return are_done;
end
$$;

alter function tidemark.store_changes(timestamptz) rename to store_changes_itself;
create function tidemark.store_changes(
    until timestamptz, out tail_rows bigint, out log_entries bigint, out late_rows bigint
)
language plpgsql
as $$
begin
    select * from tidemark.store_changes_itself(until) into tail_rows, log_entries, late_rows;
    perform barrier.pass(4);
end
$$;
