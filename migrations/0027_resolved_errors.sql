-- Kinds of error that operators marked as resolved. A failure of such a kind that comes later brings it back.

create table tidemark.resolved_errors (
    fingerprint text primary key check (fingerprint ~ '^[0-9]+-[0-9a-f]{16}$'),
    resolved_at timestamptz not null default now(),
    resolved_by text not null check (char_length(resolved_by) between 1 and 300),
    note text check (char_length(note) between 1 and 200 and note !~ '[[:cntrl:]]')
);
comment on table tidemark.resolved_errors is
    'Kinds of error that are resolved, as was said last: one that was opened again has no row. The audit log knows what was before.';
comment on column tidemark.resolved_errors.fingerprint is 'The name of the kind: the version of the rules and a hash.';
comment on column tidemark.resolved_errors.resolved_at is 'A failure of the kind after this moment brings it back.';

-- It is said of the data as annotations are, and told like them: one number counts both.
create trigger tell_change
after insert or update or delete or truncate on tidemark.resolved_errors
for each statement execute function tidemark.tell_annotation_change();

comment on table tidemark.annotation_changes is
    'One row: how often annotations or resolved errors were changed. A part of the pulse, so that every open page shows a change at once.';
comment on function tidemark.tell_annotation_change() is
    'Counts a change of the annotations or of the resolved errors, whoever made it, and tells every server.';
