-- Messaging: what is to be sent (outbox), what has taken effect (inbox), what gave up (parked), and the replicated directory.
create schema if not exists platform;

-- From when on messages and what they did must be remembered: so many days before today; in a database that was restored, until its services
-- agree again, so many days before the point in time of which it is (leadcrm.as_of, set for the database meanwhile).
create or replace function platform.remembered_since(today date, keep_days int) returns date language sql stable as $$
    select least(today, nullif(current_setting('leadcrm.as_of', true), '')::date) - keep_days
$$;

create table if not exists platform.outbox (
    id              bigint generated always as identity primary key,
    partition       smallint    not null,
    message_id      uuid        not null,
    destination     text        not null,               -- the exchange
    mandatory       boolean     not null default false, -- kept and tried again while no queue is bound to the exchange
    message_types   text        not null,               -- separated by ;
    content_type    text        not null,
    body            bytea       not null,
    headers         jsonb       not null default '{}',
    traceparent     text,
    correlation_id  uuid,
    conversation_id uuid,
    actor_id        uuid,
    operation_id    uuid,
    created_at      timestamptz not null default now(),
    not_before      timestamptz,                        -- null: now
    attempts        int         not null default 0
);
-- The dispatcher reads what is due by id; what waits is looked at once a second through its own index.
create index if not exists outbox_waiting on platform.outbox (not_before) where not_before is not null;
-- Nearly always almost empty and never at rest: vacuum by count, not by share of the table.
alter table platform.outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
-- A row lives for milliseconds: compressing a large body costs more than keeping it does (5 MB: 60 ms to write instead of 5). Asked first, for the change locks the table.
do $$ begin
    if (select attstorage from pg_attribute where attrelid = 'platform.outbox'::regclass and attname = 'body') <> 'e' then
        alter table platform.outbox alter column body set storage external;
    end if;
end $$;

-- What the broker has confirmed, for a while: sent again when the broker's data is lost, as after a restore; the inboxes know what had taken
-- effect. By day, so that it is dropped and not deleted. Neither indexed nor read otherwise.
create table if not exists platform.outbox_sent (
    sent_at         timestamptz not null default clock_timestamp(),
    partition       smallint    not null,
    message_id      uuid        not null,
    destination     text        not null,
    mandatory       boolean     not null,
    message_types   text        not null,
    content_type    text        not null,
    body            bytea       not null,
    headers         jsonb       not null,
    traceparent     text,
    correlation_id  uuid,
    conversation_id uuid,
    actor_id        uuid,
    operation_id    uuid
) partition by range (sent_at);
create table if not exists platform.outbox_sent_default partition of platform.outbox_sent default;

-- Puts what is kept back into the outbox, under the same ids and in the same order; the dispatcher does the rest. Answers what that is.
create or replace function platform.send_again() returns table (sent_id uuid, sent_types text) language sql as $$
    with again as (delete from platform.outbox_sent returning *)
    insert into platform.outbox (partition, message_id, destination, mandatory, message_types, content_type, body, headers, traceparent,
                                 correlation_id, conversation_id, actor_id, operation_id)
    select partition, message_id, destination, mandatory, message_types, content_type, body, headers, traceparent,
           correlation_id, conversation_id, actor_id, operation_id
    from again order by sent_at
    returning message_id, message_types
$$;

-- Creates the days to come and drops those that are older than what is kept, both in UTC; large bodies are uncompressed as they are in the outbox.
create or replace function platform.maintain_outbox_sent(today date, keep_days int, ahead_days int) returns void language plpgsql as $$
declare
    wanted date;
    old    text;
begin
    perform pg_advisory_xact_lock(5000201);
    set local lock_timeout = '5s';
    for wanted in select generate_series(today - 1, today + ahead_days, interval '1 day')::date loop
        if to_regclass('platform.outbox_sent_' || to_char(wanted, 'YYYYMMDD')) is null
           and not exists (select from platform.outbox_sent_default where (sent_at at time zone 'utc')::date = wanted) then
            execute format('create table platform.%I partition of platform.outbox_sent for values from (%L) to (%L)',
                'outbox_sent_' || to_char(wanted, 'YYYYMMDD'), wanted::timestamp at time zone 'utc', (wanted + 1)::timestamp at time zone 'utc');
            execute format('alter table platform.%I alter column body set storage external', 'outbox_sent_' || to_char(wanted, 'YYYYMMDD'));
        end if;
    end loop;
    for old in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'platform.outbox_sent'::regclass and c.relname ~ '^outbox_sent_\d{8}$'
          and to_date(substr(c.relname, 13), 'YYYYMMDD') < platform.remembered_since(today, keep_days)
    loop
        execute format('drop table platform.%I', old);
    end loop;
    delete from platform.outbox_sent_default where (sent_at at time zone 'utc')::date < platform.remembered_since(today, keep_days);
end $$;
select platform.maintain_outbox_sent((now() at time zone 'utc')::date, 1, 7);

-- One row per message and consumer, in the effect's own transaction. The day comes from the message id (UUIDv7), so that a
-- redelivery meets the same partition; ids without a day, and days without a partition, go to the default partition.
create table if not exists platform.inbox (
    day         date        not null,
    message_id  uuid        not null,
    consumer    uuid        not null,
    received_at timestamptz not null default now(),
    primary key (day, message_id, consumer)
) partition by range (day);
create table if not exists platform.inbox_default partition of platform.inbox default;

-- Creates the inbox partitions of the coming days and drops those that are older than what is kept.
create or replace function platform.maintain_inbox(today date, keep_days int, ahead_days int) returns void language plpgsql as $$
declare
    wanted date;
    old    text;
begin
    perform pg_advisory_xact_lock(5000201);
    set local lock_timeout = '5s';
    for wanted in select generate_series(today - 1, today + ahead_days, interval '1 day')::date loop
        if to_regclass('platform.inbox_' || to_char(wanted, 'YYYYMMDD')) is null
           and not exists (select from platform.inbox_default where day = wanted) then
            execute format('create table platform.%I partition of platform.inbox for values from (%L) to (%L)',
                'inbox_' || to_char(wanted, 'YYYYMMDD'), wanted, wanted + 1);
        end if;
    end loop;
    for old in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'platform.inbox'::regclass and c.relname ~ '^inbox_\d{8}$'
          and to_date(substr(c.relname, 7), 'YYYYMMDD') < platform.remembered_since(today, keep_days)
    loop
        execute format('drop table platform.%I', old);
    end loop;
    delete from platform.inbox_default where received_at < platform.remembered_since(today, keep_days);
end $$;
select platform.maintain_inbox((now() at time zone 'utc')::date, 7, 7);

create table if not exists platform.parked_messages (
    id             uuid        primary key,
    message_id     uuid,
    queue          text        not null,
    message_types  text        not null,
    content_type   text        not null,
    body           bytea       not null,
    headers        jsonb       not null default '{}',
    traceparent    text,
    correlation_id uuid,
    actor_id       uuid,
    operation_id   uuid,
    tries          int         not null,
    reason         text        not null,
    exception      text,
    parked_at      timestamptz not null default now()
);
create unique index if not exists parked_once on platform.parked_messages (message_id, queue);

-- The directory as Identity publishes it; changed_at lets each replica pick up what another one wrote.
create table if not exists platform.directory_users (
    id          uuid        primary key,
    version     bigint      not null,
    name        text        not null,
    email       text        not null,
    is_active   boolean     not null,
    team_id     uuid,
    roles       text[]      not null,
    permissions text[]      not null,
    changed_at  timestamptz not null default now()
);
create index if not exists directory_users_changed on platform.directory_users (changed_at);
create table if not exists platform.directory_teams (
    id         uuid        primary key,
    version    bigint      not null,
    name       text        not null,
    parent_id  uuid,
    manager_id uuid,
    is_deleted boolean     not null,
    changed_at timestamptz not null default now()
);
create index if not exists directory_teams_changed on platform.directory_teams (changed_at);
create table if not exists platform.revoked_sessions (
    id         uuid        primary key,
    expires_at timestamptz not null,
    changed_at timestamptz not null default now()
);
create index if not exists revoked_sessions_changed on platform.revoked_sessions (changed_at);
