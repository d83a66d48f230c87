-- Who may see what: the organisation's settings and sharing rules, queue members, and, in services that hang their records on those of
-- others, who owns those.
create schema if not exists platform;

create table if not exists platform.directory_organisation (
    id                 int         primary key check (id = 1),
    version            bigint      not null,
    name               text        not null,
    time_zone          text        not null,
    currency           text        not null,
    first_fiscal_month int         not null,
    sharing            jsonb       not null,   -- object -> private, read, readWrite, readWriteTransfer
    changed_at         timestamptz not null default now()
);

create table if not exists platform.directory_sharing_rules (
    id             uuid        primary key,
    version        bigint      not null,
    record_type    text        not null,
    owned_by_team  uuid        not null,
    shared_with    uuid        not null,
    access         text        not null,       -- read, readWrite
    is_deleted     boolean     not null,
    changed_at     timestamptz not null default now()
);
create index if not exists directory_sharing_rules_changed on platform.directory_sharing_rules (changed_at);

-- Members of the queues that hold leads: the owner's own table in Leads, a copy elsewhere.
create table if not exists platform.queue_members (
    queue_id   uuid        primary key,
    version    bigint      not null,
    name       text        not null,
    members    uuid[]      not null,
    is_deleted boolean     not null,
    changed_at timestamptz not null default now()
);
create index if not exists queue_members_changed on platform.queue_members (changed_at);

-- Copies of another service's data: when each was asked for, begun and complete. The generation makes every replica read its memory anew.
create table if not exists platform.read_models (
    name         text        primary key,
    requested_at timestamptz,
    started_at   timestamptz,
    finished_at  timestamptz,
    row_count    bigint,
    generation   bigint      not null default 0
);

-- Records of other services that records of this one hang on. seen_at: when an event or a pass over the owner's feed last confirmed it.
create table if not exists platform.record_access (
    record_type text        not null,
    record_id   uuid        not null,
    owner_id    uuid,
    queue_id    uuid,
    name        text        not null,
    version     bigint      not null,
    is_deleted  boolean     not null,
    seen_at     timestamptz not null,
    primary key (record_type, record_id)
);
create index if not exists record_access_owner on platform.record_access (owner_id, record_type);
create index if not exists record_access_queue on platform.record_access (queue_id) where queue_id is not null;
