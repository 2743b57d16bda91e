-- How the rollups stay exact: what a writer leaves behind, and how far the rollups have come.
--
-- The rollups hold every row older than the frontier F. What is missing in them is at hand at any moment:
--
--     truth = rollups ⊎ change_log (rows before F) ⊎ action_results (rows from F on, the tail)
--
-- The views tidemark.live_… are defined as that sum, and the four public views over them, so all of them are exact
-- however late a fold is. A fold moves F forward to N, in this order:
--
-- 1. It sets the watermark W to N. W is a sequence, hence not transactional: every writer reads the newest one, also in
--    repeatable read. A row inserted with executed_at >= W leaves nothing behind: F can't be beyond it. An older one is
--    logged, and every update and delete is.
-- 2. It waits until each transaction that held a writing lock on action_results after W was set has ended. A writer
--    reads W while it holds that lock and keeps it until its rows can be seen, also while it is prepared or waits for a
--    standby. So whoever read an older W is either seen here or done: it has written a row before, and so has a
--    transaction id, which it keeps even when it is prepared. Writers never wait. When the wait takes too long,
--    F stays where it is and only the log is drained.
-- 3. In one statement, hence one snapshot, it drains the log, reads the rows in [F, N), adds both to the rollups, and
--    moves F to N. Log entries at or beyond the old F are dropped: reading [F, N) covers what they tell.
--
-- Whatever is killed in between leaves W ahead of F, which costs a few more log entries, and nothing else.
-- Times may step back; W and F never do. Rows without a finite executed_at are in no tail: they are always logged.

-- A group needs a name: where these may be null in an adopted table, a row without one would stop every fold.
do $$
declare
    nullable text;
begin
    select string_agg(
        format(
            E'\n- public.action_results.%1$s may be null: alter table public.action_results alter column %1$s set not null',
            attname
        ),
        '' order by attname
    )
    into nullable
    from pg_catalog.pg_attribute
    where attrelid = 'public.action_results'::regclass and attname in ('action_type', 'status') and not attnotnull;
    if nullable is not null then
        raise exception using
            errcode = 'TM001',
            message = 'the tables of this database cannot be adopted:' || nullable;
    end if;
end
$$;

create sequence tidemark.watermark minvalue 0;
comment on sequence tidemark.watermark is
    'W, in milliseconds since 1970: an insert older than this is logged. Set by a fold before it looks who else writes.';
-- Whoever may insert must be able to read it; it tells no more than a clock does.
grant select on sequence tidemark.watermark to public;

create table tidemark.frontier (
    is_only boolean primary key default true check (is_only),
    frontier_at timestamptz not null,
    change_number bigint not null default 0,
    checked_at timestamptz,
    is_built boolean not null default false,
    built_from timestamptz not null,
    build_began_at timestamptz not null default now(),
    rows_built bigint not null default 0,
    rows_to_build bigint,
    trigger_hours_from timestamptz not null default '-infinity',
    system_identifier bigint not null,
    database_id oid not null,
    source_id oid not null
)
with (fillfactor = 50);
comment on table tidemark.frontier is 'How far the rollups have come; one row.';
comment on column tidemark.frontier.frontier_at is 'F: the rollups hold the rows executed before this.';
comment on column tidemark.frontier.change_number is 'Grows with every fold that found a change.';
comment on column tidemark.frontier.checked_at is
    'A refresh that began at this moment proved that nothing had changed: then all views are as of this.';
comment on column tidemark.frontier.built_from is
    'While the rollups are built, newest rows first: they hold the rows from this on. Older ones are never folded.';
comment on column tidemark.frontier.rows_to_build is 'An estimate; null where the table was never analyzed.';
comment on column tidemark.frontier.trigger_hours_from is 'Hours per trigger are kept from this on, older ones as days.';
comment on column tidemark.frontier.source_id is
    'With database_id and system_identifier: what the rollups were built from. Anything else is a copy or was restored.';

create table tidemark.change_log (
    entry bigint generated always as identity,
    weight smallint not null,
    executed_at timestamptz,
    trigger_id text,
    action_type text,
    status text,
    duration_ms integer,
    retry_count integer
)
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
comment on table tidemark.change_log is 'Changes that reading the tail can not find; a fold drains it.';
comment on sequence tidemark.change_log_entry_seq is 'Numbers the entries of the log.';
comment on column tidemark.change_log.entry is 'In order for a truncate: what was logged before it is void.';
comment on column tidemark.change_log.weight is
    '1: this row came, -1: it went, 0: all rows went (truncate), 2: rows went that nobody can tell.';

create function tidemark.log_change()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op <> 'INSERT' then
        insert into tidemark.change_log (
            weight, executed_at, trigger_id, action_type, status, duration_ms, retry_count
        )
        values (
            -1, old.executed_at, old.trigger_id, old.action_type, old.status, old.duration_ms, old.retry_count
        );
    end if;
    if tg_op <> 'DELETE' then
        insert into tidemark.change_log (
            weight, executed_at, trigger_id, action_type, status, duration_ms, retry_count
        )
        values (
            1, new.executed_at, new.trigger_id, new.action_type, new.status, new.duration_ms, new.retry_count
        );
    end if;
    return null;
end
$$;
comment on function tidemark.log_change() is 'Logs a late insert, an update or a delete of one row.';

create function tidemark.log_truncate()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- A partition emptied alone takes only its own rows away. When the whole table is emptied this runs too, but before
    -- the mark of the whole table, which makes it void.
    if tg_when = 'BEFORE' then
        execute format(
            'insert into tidemark.change_log (
                weight, executed_at, trigger_id, action_type, status, duration_ms, retry_count
            )
            select -1, executed_at, trigger_id, action_type, status, duration_ms, retry_count from only %s',
            tg_relid::regclass
        );
        -- A snapshot that is older than the lock may not show all rows that go.
        if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
            insert into tidemark.change_log (weight) values (2);
        end if;
    else
        insert into tidemark.change_log (weight) values (0);
    end if;
    return null;
end
$$;
comment on function tidemark.log_truncate() is
    'Logs that the table, or one of its partitions, was emptied. Touching the rollups here would deadlock with a fold.';

create function tidemark.capture_changes()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    child record;
begin
    -- Row triggers of a partitioned table are put on each partition by Postgres, also on those to come.
    create or replace trigger tidemark_log_insert
        after insert on public.action_results
        -- Late, or without a finite time. Every insert pays for this: a function around it would cost more than it does.
        for each row when (
            (
                new.executed_at < 'infinity'
                and new.executed_at >= to_timestamp(pg_sequence_last_value('tidemark.watermark'::regclass) / 1000::float8)
            ) is not true
        )
        execute function tidemark.log_change();
    create or replace trigger tidemark_log_update
        after update on public.action_results
        for each row execute function tidemark.log_change();
    create or replace trigger tidemark_log_delete
        after delete on public.action_results
        for each row execute function tidemark.log_change();
    create or replace trigger tidemark_log_truncate
        after truncate on public.action_results
        for each statement execute function tidemark.log_truncate();
    -- Always: also for rows that replication applies, and whatever session_replication_role a restore sets.
    alter table public.action_results enable always trigger tidemark_log_insert;
    alter table public.action_results enable always trigger tidemark_log_update;
    alter table public.action_results enable always trigger tidemark_log_delete;
    alter table public.action_results enable always trigger tidemark_log_truncate;
    perform tidemark.capture_truncates();
end
$$;
comment on function tidemark.capture_changes() is 'Puts the triggers that log changes on action_results.';

create function tidemark.capture_truncates()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    partition regclass;
begin
    for partition in
        select tree.relid
        from pg_partition_tree('public.action_results') as tree
        where tree.isleaf
            and tree.relid <> 'public.action_results'::regclass
            and not exists (
                select from pg_trigger
                where tgrelid = tree.relid and tgname = 'tidemark_log_truncate_partition' and tgenabled = 'A'
            )
    loop
        execute format(
            'create or replace trigger tidemark_log_truncate_partition
                before truncate on %1$s for each statement execute function tidemark.log_truncate();
            alter table %1$s enable always trigger tidemark_log_truncate_partition',
            partition
        );
    end loop;
end
$$;
comment on function tidemark.capture_truncates() is
    'Puts the trigger that logs a truncate on every partition without it: Postgres does not do that by itself.';

create function tidemark.capture_new_partition()
returns event_trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if (select relkind from pg_class where oid = to_regclass('public.action_results')) = 'p' then
        perform tidemark.capture_truncates();
    end if;
exception
    -- Whatever is wrong here, somebody else's statement must not fail of it.
    when others then raise debug 'truncates of a new partition will not be logged: %', sqlerrm;
end
$$;
comment on function tidemark.capture_new_partition() is 'Puts the trigger that logs a truncate on partitions as they are made.';
revoke all on function tidemark.capture_new_partition() from public;

do $$
begin
    create event trigger tidemark_new_partition
        on ddl_command_end
        when tag in ('CREATE TABLE', 'ALTER TABLE')
        execute function tidemark.capture_new_partition();
    comment on event trigger tidemark_new_partition is 'Notices partitions of action_results as they are made.';
exception
    when insufficient_privilege then
        raise notice 'a truncate of one partition made later will not be logged: only a superuser may make the event trigger for that';
end
$$;

create function tidemark.capture_problems()
returns setof text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select format(
        'the trigger %s on %s is %s',
        wanted.name,
        (select relname from pg_class where oid = captured.relation),
        case when present.oid is null then 'missing' else 'not enabled always' end
    )
    from (
        select
            'public.action_results'::regclass,
            array['tidemark_log_insert', 'tidemark_log_update', 'tidemark_log_delete', 'tidemark_log_truncate']
        union all
        select
            relid,
            array['tidemark_log_insert', 'tidemark_log_update', 'tidemark_log_delete', 'tidemark_log_truncate_partition']
        from pg_partition_tree('public.action_results')
        where isleaf and relid <> 'public.action_results'::regclass
    ) as captured (relation, names)
    cross join lateral unnest(captured.names) as wanted (name)
    left join pg_trigger as present on present.tgrelid = captured.relation and present.tgname = wanted.name
    where present.tgenabled is distinct from 'A'
    union all
    select 'the rollups were built from another table: this database was copied or restored'
    from tidemark.frontier
    where (frontier.system_identifier, frontier.database_id, frontier.source_id) is distinct from (
        (select system_identifier from pg_control_system()),
        (select oid from pg_database where datname = current_database()),
        'public.action_results'::regclass::oid
    )
    union all
    select 'the watermark is behind the frontier: this database was restored in part'
    from tidemark.frontier
    where frontier_at > (select to_timestamp(last_value / 1000::float8) from tidemark.watermark)
    union all
    select 'a partition was emptied by a transaction that may not have seen all its rows'
    where exists (select from tidemark.change_log where weight = 2)
$$;
comment on function tidemark.capture_problems() is
    'Why the rollups can not be trusted, however healthy they look; nothing when all is well. The cure is tidemark migrate.';

create function tidemark.setting(name text, otherwise text)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
return coalesce(nullif(current_setting('tidemark.' || name, true), ''), otherwise);
comment on function tidemark.setting(text, text) is
    'A setting of Tidemark, as in: alter database … set tidemark.writer_wait = ''2s''.';

create function tidemark.writers()
returns table (transaction_id xid, pid integer)
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
    select distinct identity.transactionid, identity.pid
    from pg_locks as lock
    join pg_locks as identity
        on identity.virtualtransaction = lock.virtualtransaction
        and identity.locktype = 'transactionid'
        and identity.mode = 'ExclusiveLock'
        and identity.granted
    where lock.locktype = 'relation'
        and lock.database = (select oid from pg_database where datname = current_database())
        and lock.relation in (
            select 'public.action_results'::regclass::oid
            union all
            select relid from pg_partition_tree('public.action_results')
        )
        and lock.mode = 'RowExclusiveLock'
        and lock.granted
        and lock.pid is distinct from pg_backend_pid()
$$;
comment on function tidemark.writers() is
    'Transactions that wrote to action_results and have not ended. One without an id has written nothing yet, and will read the newest watermark; a prepared one keeps its id, and has no pid.';

create function tidemark.frontier_holders()
returns table (
    pid integer, prepared_as text, user_name text, application_name text, transaction_age interval, query text
)
language sql volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        writer.pid,
        prepared.gid,
        coalesce(activity.usename, prepared.owner)::text,
        activity.application_name,
        clock_timestamp() - coalesce(activity.xact_start, prepared.prepared),
        activity.query
    from tidemark.writers() as writer
    left join pg_stat_activity as activity on activity.pid = writer.pid
    left join pg_prepared_xacts as prepared on prepared.transaction = writer.transaction_id
    where writer.pid is null or activity.backend_xid = writer.transaction_id
    order by 5 desc nulls last
$$;
comment on function tidemark.frontier_holders() is
    'Open transactions that wrote to action_results, oldest first: until they end the frontier stays where it is, which makes reading slower, never wrong.';

create function tidemark.writers_are_done(patience interval)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    gives_up_at constant timestamptz := clock_timestamp() + patience;
    waits_for xid[] := array(select transaction_id from tidemark.writers());
    pause float8 := 0.001;
begin
    while cardinality(waits_for) > 0 loop
        if clock_timestamp() >= gives_up_at then
            return false;
        end if;
        perform pg_sleep(pause);
        pause := least(pause * 2, 0.05);
        -- By their ids, because preparing a transaction changes everything else that it is known by.
        waits_for := array(
            select transactionid
            from pg_locks
            where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted and transactionid = any (waits_for)
        );
    end loop;
    return true;
end
$$;
comment on function tidemark.writers_are_done(interval) is
    'Waits for the transactions that write now, not for later ones; false when that would take longer than patience.';
