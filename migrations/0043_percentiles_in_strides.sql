-- Percentiles from buckets, as in 0009, but eight buckets at a time are passed over: a histogram has hundreds, and each step
-- of a loop costs more than adding up what is in eight of them.

create or replace function tidemark.percentiles(
    few integer[], buckets integer[], executions bigint[], total bigint, shortest integer, longest integer,
    out p50 numeric(10, 2), out p95 numeric(10, 2), out p99 numeric(10, 2)
)
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The rank of percentile_cont, from 0, mostly falls between two executions: it is looked up below and above.
    ranks constant bigint[] := array[
        floor(0.5 * (total - 1)), ceil(0.5 * (total - 1)), floor(0.95 * (total - 1)), ceil(0.95 * (total - 1)),
        floor(0.99 * (total - 1)), ceil(0.99 * (total - 1)), 9223372036854775807
    ];
    next_rank bigint := ranks[1];
    found float8[] := '{}';
    seen bigint := 0;
    eight bigint;
    first integer := 1;
begin
    if few is not null then
        select answers[1], answers[2], answers[3]
        into p50, p95, p99
        from (
            select percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration)
            from unnest(few) as duration
        ) as exact (answers);
    elsif total > 0 then
        while first <= cardinality(buckets) loop
            -- Null where fewer than eight are left.
            eight := executions[first] + executions[first + 1] + executions[first + 2] + executions[first + 3]
                + executions[first + 4] + executions[first + 5] + executions[first + 6] + executions[first + 7];
            if seen + eight <= next_rank then
                seen := seen + eight;
            else
                for position in first..least(first + 7, cardinality(buckets)) loop
                    seen := seen + executions[position];
                    while seen > next_rank loop
                        found := found || least(greatest(tidemark.bucket_duration(buckets[position]), shortest), longest);
                        next_rank := ranks[cardinality(found) + 1];
                    end loop;
                end loop;
            end if;
            first := first + 8;
        end loop;
        p50 := found[1] + (found[2] - found[1]) * (0.5 * (total - 1) - ranks[1]);
        p95 := found[3] + (found[4] - found[3]) * (0.95 * (total - 1) - ranks[3]);
        p99 := found[5] + (found[6] - found[5]) * (0.99 * (total - 1) - ranks[5]);
    end if;
    p50 := tidemark.clamped(p50);
    p95 := tidemark.clamped(p95);
    p99 := tidemark.clamped(p99);
end
$$;
