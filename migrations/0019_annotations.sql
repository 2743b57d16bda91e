-- Annotations: what people mark on the time axis of every chart, such as a deploy or an incident.

create table tidemark.annotations (
    id bigint generated always as identity primary key,
    at timestamptz not null check (at >= '1970-01-01 00:00:00+00' and at < 'infinity'),
    until timestamptz,
    kind text not null check (kind in ('deploy', 'incident', 'note')),
    text text not null check (char_length(text) between 1 and 200 and text !~ '[[:cntrl:]]'),
    created_by text check (char_length(created_by) between 1 and 200),
    created_at timestamptz not null default now(),
    -- What touches a time is found by when it began, so nothing may last for ever.
    constraint annotations_length check (until > at and until <= at + interval '31 days')
);
comment on table tidemark.annotations is 'What people mark on the time axis of every chart.';
comment on sequence tidemark.annotations_id_seq is 'Numbers what people mark.';
comment on column tidemark.annotations.at is 'When it happened, or began.';
comment on column tidemark.annotations.until is 'When it was over; null for a moment. At most 31 days after it began.';
comment on column tidemark.annotations.created_by is 'Who said so; null while nobody has to log in.';

create index annotations_at on tidemark.annotations (at desc, id desc);
comment on index tidemark.annotations_at is 'Serves "which annotations touch this time?", newest first.';

create table tidemark.annotation_changes (
    is_only boolean primary key default true check (is_only),
    number bigint not null
);
comment on table tidemark.annotation_changes is
    'One row: how often annotations were changed. A part of the pulse, so that every open page shows a change at once.';
insert into tidemark.annotation_changes (number) values (0);

create function tidemark.tell_annotation_change()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    change bigint;
begin
    update tidemark.annotation_changes set number = number + 1 returning number into change;
    perform pg_notify('tidemark_annotated', change::text);
    return null;
end
$$;
comment on function tidemark.tell_annotation_change() is
    'Counts a change of the annotations, whoever made it, and tells every server.';
revoke all on function tidemark.tell_annotation_change() from public;

create trigger tell_change
after insert or update or delete or truncate on tidemark.annotations
for each statement execute function tidemark.tell_annotation_change();
