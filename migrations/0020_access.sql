-- Who may look, who may act, and what was done.
--
-- Secrets are never kept: of a password there is an argon2id hash, of every token (session, key, invitation, device) only
-- its SHA-256, which is enough because tokens are random and long.

create table tidemark.users (
    id bigint generated always as identity primary key,
    name text not null check (char_length(name) between 1 and 200 and name !~ '[[:cntrl:]]' and name = btrim(name)),
    source text not null check (source in ('local', 'oidc', 'proxy')),
    subject text check (char_length(subject) between 1 and 600),
    password_hash text,
    role text not null check (role in ('viewer', 'operator', 'admin')),
    organizations text[] check (cardinality(organizations) between 1 and 1000),
    is_disabled boolean not null default false,
    created_at timestamptz not null default now(),
    last_login_at timestamptz,
    constraint users_password check (source = 'local' or password_hash is null),
    constraint users_subject check ((source = 'oidc') = (subject is not null))
);
comment on table tidemark.users is 'People who may log in.';
comment on sequence tidemark.users_id_seq is 'Numbers people.';
comment on column tidemark.users.source is 'Who vouches for them: a password here, an OpenID provider, or a trusted proxy.';
comment on column tidemark.users.subject is 'Issuer and subject of the OpenID provider: names may change, this does not.';
comment on column tidemark.users.password_hash is 'argon2id, as a PHC string; null before a password was chosen.';
comment on column tidemark.users.organizations is 'Ids of the organizations whose triggers they see; null for all.';
create unique index users_name on tidemark.users (source, lower(name));
comment on index tidemark.users_name is 'Names differ by more than case.';
create unique index users_subject on tidemark.users (subject) where subject is not null;
comment on index tidemark.users_subject is 'Whom a provider vouches for.';

create table tidemark.sessions (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    user_id bigint not null references tidemark.users on delete cascade,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    address text not null,
    agent text not null check (char_length(agent) <= 300)
);
comment on table tidemark.sessions is 'Logins that last: one per browser. How long is up to the server that reads them.';
create index sessions_user on tidemark.sessions (user_id);
comment on index tidemark.sessions_user is 'Serves "sign out everywhere".';

create table tidemark.devices (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    user_id bigint not null references tidemark.users on delete cascade,
    last_seen_at timestamptz not null default now()
);
comment on table tidemark.devices is
    'Browsers from which somebody logged in before: failures of others do not keep them from it.';
create index devices_user on tidemark.devices (user_id);
comment on index tidemark.devices_user is 'Serves the forgetting of a person''s browsers.';

create table tidemark.login_attempts (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    account text not null check (char_length(account) <= 200),
    address text not null,
    device_hash bytea
);
comment on table tidemark.login_attempts is 'Logins that failed, for as long as they slow down others.';
comment on sequence tidemark.login_attempts_id_seq is 'Numbers failed logins.';
comment on column tidemark.login_attempts.device_hash is 'The known browser it came from, if it did: then it counts for that alone.';
create index login_attempts_account on tidemark.login_attempts (account, at);
comment on index tidemark.login_attempts_account is 'Serves the limit of an account.';
create index login_attempts_address on tidemark.login_attempts (address, at);
comment on index tidemark.login_attempts_address is 'Serves the limit of an address.';

create table tidemark.invitations (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    user_id bigint references tidemark.users on delete cascade,
    expires_at timestamptz not null
);
comment on table tidemark.invitations is
    'Links that work once: to choose a password, or, where nobody is named, to make the first admin.';

create table tidemark.api_keys (
    id bigint generated always as identity primary key,
    name text not null check (char_length(name) between 1 and 200 and name !~ '[[:cntrl:]]'),
    key_hash bytea not null unique check (octet_length(key_hash) = 32),
    hint text not null,
    role text not null check (role in ('viewer', 'operator', 'admin')),
    organizations text[] check (cardinality(organizations) between 1 and 1000),
    created_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);
comment on table tidemark.api_keys is 'Keys of programs.';
comment on sequence tidemark.api_keys_id_seq is 'Numbers keys.';
comment on column tidemark.api_keys.hint is 'How the key begins, so that people can tell which one it is.';

create table tidemark.audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    actor text not null check (char_length(actor) between 1 and 300),
    address text not null,
    act text not null,
    target text not null,
    before jsonb,
    after jsonb
);
comment on table tidemark.audit_log is 'What admins and operators did: rows are only ever added.';
comment on sequence tidemark.audit_log_id_seq is 'Numbers acts.';
comment on column tidemark.audit_log.actor is 'Who: the name of a person, "key NAME", or "command line".';
comment on column tidemark.audit_log.act is 'What, as user.add.';

create function tidemark.refuse_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('rows of %s are only ever added', tg_relid::regclass);
end
$$;
comment on function tidemark.refuse_change() is 'Keeps a table append-only, for its owner too.';
revoke all on function tidemark.refuse_change() from public;

create trigger refuse_change
before update or delete or truncate on tidemark.audit_log
for each statement execute function tidemark.refuse_change();
