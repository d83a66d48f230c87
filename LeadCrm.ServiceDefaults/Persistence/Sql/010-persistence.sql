-- What every service's database has besides its own tables. Applied in name order at start, under an advisory lock; each script must
-- be safe to run again and work with the code version before it.
create schema if not exists platform;

create table if not exists platform.field_history (
    id uuid primary key,
    record_type text not null,
    record_id uuid not null,
    version bigint not null,
    kind text not null,
    at timestamptz not null,
    actor_id uuid,
    operation_id uuid,
    changes jsonb not null
);
create index if not exists field_history_record on platform.field_history (record_id, id desc);
create index if not exists field_history_operation on platform.field_history (operation_id) where operation_id is not null;
alter table platform.field_history alter column changes set statistics 0;   -- nobody filters by it

create table if not exists platform.idempotency_keys (
    caller uuid not null,
    route text not null,
    key text not null,
    body_hash bytea not null,
    created_at timestamptz not null default now(),
    status int,
    headers jsonb,
    body bytea,
    operation_id uuid,
    primary key (caller, route, key)
);
create index if not exists idempotency_keys_created on platform.idempotency_keys (created_at);

-- The last good key set, so that tokens can be checked while Identity is away.
create table if not exists platform.key_set (
    id int primary key check (id = 1),
    jwks text not null,
    fetched_at timestamptz not null
);

-- What the chunks of bulk requests were answered, written in each chunk's own commit; kept as long as their Idempotency-Key.
create table if not exists platform.bulk_chunks (
    job_id uuid not null,
    chunk int not null,
    created_at timestamptz not null default now(),
    answer bytea,
    primary key (job_id, chunk)
);
create index if not exists bulk_chunks_created on platform.bulk_chunks (created_at);
