-- The gateway's tables. Applied as a whole at each start, under an advisory lock: every statement may run again, and must leave
-- tables that the version before this one can still work with.

create schema if not exists gateway;

-- One row per signed-in browser. id is the SHA-256 of the cookie; the token is encrypted with a key of data_protection_keys.
create table if not exists gateway.sessions (
    id                  bytea primary key check (length(id) = 32),
    identity_session_id uuid        not null,
    user_id             uuid        not null,
    access_token        bytea       not null,
    token_expires_at    timestamptz not null,
    created_at          timestamptz not null default now(),
    last_seen_at        timestamptz not null default now()
);
create index if not exists sessions_last_seen_at on gateway.sessions (last_seen_at);

-- ASP.NET Core's key ring, each key wrapped with LEADCRM_DATA_KEY before it gets here.
create table if not exists gateway.data_protection_keys (
    name       text primary key,
    xml        text        not null,
    created_at timestamptz not null default now()
);
