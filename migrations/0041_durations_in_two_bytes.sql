-- Histograms as bytes, in a form that is read without looking at each digit: two bytes for almost every bucket.

-- What counts meanwhile would store what it read before.
select pg_advisory_xact_lock(1953064037, 1);

create or replace function tidemark.packed_durations(buckets integer[], executions bigint[])
returns bytea
language plpgsql stable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if cardinality(buckets) <> cardinality(executions) then
        raise exception 'a histogram of % buckets has executions of %', cardinality(buckets), cardinality(executions);
    end if;
    return (
        select coalesce(
            string_agg(
                case
                    when step between 1 and 15 and times between 1 and 2047
                    then int2send((step * 2048 + times)::smallint)
                    else int2send(0::smallint) || int2send(step::smallint) || int8send(times)
                end,
                ''
            ),
            ''
        )
        from (
            select bucket - bucket_before, times
            from unnest(buckets, executions, 0 || buckets) as counted (bucket, times, bucket_before)
            where bucket is not null
        ) as stepped (step, times)
    );
end
$$;
comment on function tidemark.packed_durations(integer[], bigint[]) is
    'A histogram as bytes: for each bucket two, 2048 times its step from the bucket before (the first one''s from 0) plus its executions; or, where those are not 1 to 15 and 1 to 2047, two of zero, the step in two, and the executions in eight.';

update tidemark.executions_hourly
set durations = tidemark.packed_durations(duration_buckets, bucket_executions)
where durations is not null;
update tidemark.executions_daily
set durations = tidemark.packed_durations(duration_buckets, bucket_executions)
where durations is not null;
