-- The order of triggers by any column of the page that lists them, page by page, at 100,000 and more.
--
-- The order comes from `trigger_performance_summary` by an index, so it is as of the last refresh of that view; pages read
-- the numbers they show from the live truth. What has no value in a column, as a trigger that never ran, comes last.

-- Repeats the defaults of `domain::triggers::Thresholds`; a test sees that both agree.
create function tidemark.trigger_severity(success_rate numeric, p95_duration_ms numeric, avg_retries numeric)
returns numeric
language sql immutable parallel safe
return case
    when success_rate < 50 or p95_duration_ms > 10000 then 2000
    when success_rate < 80 or p95_duration_ms > 5000 or avg_retries > 0.5 then 1000
    else 0
end + 100 - success_rate;
comment on function tidemark.trigger_severity(numeric, numeric, numeric) is
    'From 2000 on a trigger is critical, from 1000 on it deserves a warning; the rest is what is missing to a success rate of 100.';

-- With the id, so that triggers of equal value have an order too, and a page begins where another one ended.
create index tidemark_trigger_performance_summary_severity on public.trigger_performance_summary
    (tidemark.trigger_severity(success_rate, p95_duration_ms, avg_retries), trigger_id);
create index tidemark_trigger_performance_summary_success_rate
    on public.trigger_performance_summary (success_rate, trigger_id);
create index tidemark_trigger_performance_summary_executions
    on public.trigger_performance_summary (total_executions, trigger_id);
create index tidemark_trigger_performance_summary_p95
    on public.trigger_performance_summary (p95_duration_ms, trigger_id);
create index tidemark_trigger_performance_summary_retries
    on public.trigger_performance_summary (avg_retries, trigger_id);
create index tidemark_trigger_performance_summary_last_run
    on public.trigger_performance_summary (last_execution_at, trigger_id);

create function tidemark.rank_triggers(
    sort text, is_descending boolean, beyond text, is_enabled boolean,
    matched text[], organization text, search text, after_value text, after_id text, most integer
)
returns table (id text, value text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    is_name constant boolean := sort = 'name';
    is_narrowed constant boolean := is_enabled or organization is not null or search is not null;
    row_id constant text := case when is_name then 'listed.id' else 'ran.trigger_id' end;
    key constant text := case sort
        when 'name' then 'left(lower(listed.name), 200)'
        when 'health' then 'tidemark.trigger_severity(ran.success_rate, ran.p95_duration_ms, ran.avg_retries)'
        when 'success_rate' then 'ran.success_rate'
        when 'executions' then 'ran.total_executions'
        when 'p95' then 'ran.p95_duration_ms'
        when 'retries' then 'ran.avg_retries'
        when 'last_run' then 'ran.last_execution_at'
    end;
    -- Moments go in and out as microseconds since 1970: no setting of a session changes how they are spelled.
    shown constant text := case sort
        when 'last_run' then format('(extract(epoch from %s) * 1000000)::bigint', key) else key
    end;
    given constant text := case sort
        when 'name' then '%s'
        when 'last_run' then '(timestamptz ''epoch'' + %s::bigint * interval ''1 microsecond'')'
        when 'executions' then '%s::bigint'
        else '%s::numeric'
    end;
    direction constant text := case when is_descending then 'desc' else 'asc' end;
    onward constant text := case when is_descending then '<' else '>' end;
    backward constant text := case when is_descending then '>' else '<' end;
    fits text := 'true';
    source text := 'public.trigger_performance_summary as ran';
    chosen text;
    found integer := 0;
begin
    if key is null then
        raise exception 'triggers cannot be sorted by %', coalesce(sort, 'nothing');
    end if;
    if matched is not null then
        fits := fits || ' and listed.id = any ($2)';
    end if;
    if is_enabled then
        fits := fits || ' and coalesce(listed.enabled, true)';
    end if;
    if organization is not null then
        fits := fits || ' and listed.organization_id = $3';
    end if;
    if search is not null then
        fits := fits || ' and (strpos(lower(listed.name), lower($4)) > 0 or listed.id = $4)';
    end if;

    if after_value is not null or after_id is null then
        -- Where many fit, the first of them are found soon in any order, and so the order is walked (offset 0 sees to it).
        if is_name then
            source := 'tidemark.trigger_directory as listed';
        elsif is_narrowed then
            source := source || format(
                ' cross join lateral (select from tidemark.trigger_directory as listed where listed.id = ran.trigger_id and %s offset 0) as listed',
                fits
            );
        end if;
        chosen := case when is_name then fits when matched is not null then 'ran.trigger_id = any ($2)' else 'true' end;
        chosen := chosen || format(' and %s is not null', key);
        if after_value is not null then
            chosen := chosen || format(' and (%s, %s) %s (%s, $6)', key, row_id, onward, format(given, '$5'));
        end if;
        if beyond is not null then
            chosen := chosen || format(' and %s %s %s', key, backward, format(given, '$1'));
        end if;
        return query execute format(
            'select %1$s, (%2$s)::text from %3$s where %4$s order by %5$s %6$s, %1$s %6$s limit $7',
            row_id, shown, source, chosen, key, direction
        ) using beyond, matched, organization, search, after_value, after_id, most;
        get diagnostics found = row_count;
    end if;

    -- Then those without a value, by their ids: what never ran, or, by name, what is not listed any more.
    if found >= most or (beyond is not null and sort <> 'last_run') then
        return;
    end if;
    if is_name then
        source := 'public.trigger_performance_summary as listed (id)';
        chosen := format(
            'not %L::boolean and not exists (select from tidemark.trigger_directory as other where other.id = listed.id)',
            is_narrowed or matched is not null
        );
    else
        source := 'tidemark.trigger_directory as listed';
        chosen := format(
            '%s and not exists (select from public.trigger_performance_summary as ran where ran.trigger_id = listed.id and %s is not null)',
            fits, key
        );
    end if;
    if beyond is not null then
        chosen := chosen || ' and listed.created_at < ' || format(given, '$1');
    end if;
    if after_value is null and after_id is not null then
        chosen := chosen || ' and listed.id > $6';
    end if;
    return query execute format(
        'select listed.id, null::text from %s where %s order by listed.id limit $7', source, chosen
    ) using beyond, matched, organization, search, after_value, after_id, most - found;
end
$$;
comment on function tidemark.rank_triggers(
    text, boolean, text, boolean, text[], text, text, text, text, integer
) is
    'The ids of triggers in the order of a column, as of the last refresh of trigger_performance_summary: at most so many, after the last one of a page before, and only up to a bound. What has no value comes last.';
