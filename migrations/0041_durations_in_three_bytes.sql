-- Histograms as bytes, in a form that is read without looking at each digit, and can be changed in place: three bytes for almost
-- every bucket. Those of the longest durations have the numbers -1077 and 1075, so a number takes twelve bits.

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
    return coalesce(
        (
            select string_agg(
                case
                    when times between 1 and 4095 then substring(int4send((bucket * 4096 + times)::integer) from 2)
                    else substring(int4send(bucket * 4096) from 2) || int8send(times)
                end,
                ''
            )
            from (select unnest(buckets), unnest(executions)) as counted (bucket, times)
        ),
        ''
    );
end
$$;
comment on function tidemark.packed_durations(integer[], bigint[]) is
    'A histogram as bytes: three for each bucket, 4096 times its number plus its executions; where those are not 1 to 4095, nothing is added, and they follow in eight.';

create function tidemark.durations_changed(
    buckets integer[], executions bigint[], durations bytea, changed_buckets integer[], weights bigint[],
    out new_buckets integer[], out new_executions bigint[], out new_durations bytea
)
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    place integer;
    entry bytea;
    has_three_bytes_each boolean;
begin
    new_buckets := coalesce(buckets, '{}');
    new_executions := coalesce(executions, '{}');
    new_durations := case when buckets is null then '' else durations end;
    has_three_bytes_each := cardinality(changed_buckets) <= 256
        and length(new_durations) is not distinct from 3 * cardinality(new_buckets);
    if has_three_bytes_each then
        for change in 1..cardinality(changed_buckets) loop
            place := width_bucket(changed_buckets[change], new_buckets);
            if place > 0 and new_buckets[place] = changed_buckets[change] then
                new_executions[place] := new_executions[place] + weights[change];
            else
                new_durations := overlay(new_durations placing decode('000000', 'hex') from 3 * place + 1 for 0);
                new_buckets := new_buckets[:place] || changed_buckets[change] || new_buckets[place + 1:];
                new_executions := new_executions[:place] || weights[change] || new_executions[place + 1:];
                place := place + 1;
            end if;
            if new_executions[place] not between 1 and 4095 then
                has_three_bytes_each := false;
            else
                entry := int4send((new_buckets[place] * 4096 + new_executions[place])::integer);
                new_durations := overlay(new_durations placing substring(entry from 2) from 3 * place - 2);
            end if;
        end loop;
        if has_three_bytes_each then
            return;
        end if;
        changed_buckets := '{}';
        weights := '{}';
    end if;
    select new_keys, new_counts
    into new_buckets, new_executions
    from tidemark.counts_changed(new_buckets, new_executions, changed_buckets, weights);
    new_durations := tidemark.packed_durations(new_buckets, new_executions);
end
$$;
comment on function tidemark.durations_changed(integer[], bigint[], bytea, integer[], bigint[]) is
    'A histogram after counts_changed, and as packed_durations: its bytes are changed in place where that can be.';

update tidemark.executions_hourly
set durations = tidemark.packed_durations(duration_buckets, bucket_executions)
where durations is not null;
update tidemark.executions_daily
set durations = tidemark.packed_durations(duration_buckets, bucket_executions)
where durations is not null;
