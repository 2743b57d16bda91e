-- Histograms as bytes, once more: most buckets follow right after the one before, so what is told of a bucket is its step from
-- there, where that is not 1. So they take half as much to read and to send.

-- What counts meanwhile would store what it read before.
select pg_advisory_xact_lock(1953064037, 1);

create or replace function tidemark.packed_durations(buckets integer[], executions bigint[])
returns bytea
language plpgsql stable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    packed text[] := executions;
    bucket_before integer := 0;
begin
    if cardinality(buckets) <> cardinality(executions) then
        raise exception 'a histogram of % buckets has executions of %', cardinality(buckets), cardinality(executions);
    end if;
    for place in 1..cardinality(buckets) loop
        if buckets[place] <> bucket_before + 1 then
            packed[place] := buckets[place] - bucket_before || ':' || packed[place];
        end if;
        bucket_before := buckets[place];
    end loop;
    return convert_to(array_to_string(packed, ','), 'UTF8');
end
$$;
comment on function tidemark.packed_durations(integer[], bigint[]) is
    'A histogram as bytes: "7:3,5,2:1" are 3 executions of bucket 7, 5 of bucket 8 and 1 of bucket 10.';

-- Beside their sums they are read quicker as they are than compressed; the arrays make room for them.
alter table tidemark.executions_hourly set (toast_tuple_target = 1536);

update tidemark.executions_hourly
set durations = tidemark.packed_durations(duration_buckets, bucket_executions)
where durations is not null;
update tidemark.executions_daily
set durations = tidemark.packed_durations(duration_buckets, bucket_executions)
where durations is not null;
