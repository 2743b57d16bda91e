-- How long Tidemark's own statements take, day by day: each server adds up what it ran.

create table tidemark.statements (
    hash text primary key,
    statement text not null,
    is_refresh boolean not null generated always as (
        statement ~ 'public\.refresh_action_analytics\(|tidemark\.refresh_one\('
    ) stored
);
comment on column tidemark.statements.is_refresh is 'Whether it refreshes views: what those take is in their own log.';
comment on table tidemark.statements is
    'Statements as Tidemark''s source spells them: parameters are never part of them.';

create table tidemark.statement_days (
    day date not null,
    hash text not null references tidemark.statements on delete cascade,
    calls bigint not null check (calls > 0),
    total_ms double precision not null,
    longest_ms double precision not null,
    primary key (day, hash)
);
comment on table tidemark.statement_days is
    'How often and how long each statement ran on a UTC day, over all servers; kept for 100 days.';
create index statement_days_hash on tidemark.statement_days (hash);
comment on index tidemark.statement_days_hash is 'Serves the forgetting of statements that nobody runs any more.';

create function tidemark.database_statements(most integer)
returns table (statement text, calls bigint, total_ms double precision, longest_ms double precision)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    home constant name := (
        select space.nspname
        from pg_extension as extension
        join pg_namespace as space on space.oid = extension.extnamespace
        where extension.extname = 'pg_stat_statements'
    );
begin
    if home is null then
        return;
    end if;
    return query execute format(
        'select query, calls, total_exec_time, max_exec_time
        from %I.pg_stat_statements
        where dbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()) and query is not null
        order by total_exec_time desc
        limit $1',
        home
    )
    using most;
end
$$;
comment on function tidemark.database_statements(integer) is
    'The statements of this database that took longest in all; nothing where the extension pg_stat_statements is not there.';
revoke all on function tidemark.database_statements(integer) from public;
