-- How indexes were used over time. Postgres only counts since its statistics were reset; these looks at its counters tell
-- what was used when.

create table tidemark.index_usage (
    taken_at timestamptz not null,
    schema_name text not null,
    index_name text not null,
    scans bigint not null,
    size_bytes bigint not null,
    primary key (schema_name, index_name, taken_at)
);
comment on table tidemark.index_usage is 'The counters of every index, looked at once an hour; kept for 90 days.';
comment on column tidemark.index_usage.scans is
    'Since the statistics were reset: a smaller number than before means that they were.';
create index index_usage_taken on tidemark.index_usage (taken_at);
comment on index tidemark.index_usage_taken is 'Serves the forgetting of old looks, and whether one is due.';
