-- What is to be looked after daily, weekly, monthly and quarterly, and when that was done, by whom.

create table tidemark.checklist (
    id bigint generated always as identity primary key,
    item text not null check (char_length(item) between 1 and 60),
    checked_at timestamptz not null default clock_timestamp(),
    checked_by text check (char_length(checked_by) between 1 and 300),
    is_good boolean not null,
    evidence text not null check (char_length(evidence) between 1 and 2000)
);
comment on table tidemark.checklist is 'What was looked after: rows are only ever added.';
comment on sequence tidemark.checklist_id_seq is 'Numbers what was looked after.';
comment on column tidemark.checklist.item is 'What was looked after, by the name that Tidemark gives it.';
comment on column tidemark.checklist.checked_by is 'The name of a person; null where Tidemark looked by itself.';
comment on column tidemark.checklist.evidence is 'What was seen; of a person the note.';
create index checklist_newest on tidemark.checklist (item, checked_at desc);
comment on index tidemark.checklist_newest is 'Serves "when was this looked after last?".';

create trigger refuse_change
before update or delete or truncate on tidemark.checklist
for each statement execute function tidemark.refuse_change();
