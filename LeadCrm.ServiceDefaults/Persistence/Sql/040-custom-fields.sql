-- Custom fields (LD4): what they are, who uses them, and the values of those that must be unique. Empty in a service without any.
create schema if not exists platform;

create table if not exists platform.custom_fields (
    id            uuid        primary key,
    version       bigint      not null,
    record_type   text        not null,
    key           text        not null,
    label         text        not null,
    type          text        not null,
    help          text,
    is_required   boolean     not null,
    is_unique     boolean     not null,
    is_indexed    boolean     not null,
    default_value jsonb,
    settings      jsonb       not null,
    sort          int         not null,
    created_at    timestamptz not null,
    deleted_at    timestamptz
);
-- A deleted field keeps its key until it is purged: its values are still there under it.
create unique index if not exists custom_fields_key on platform.custom_fields (record_type, key);

-- Raised with every change of a definition: replicas look at it every two seconds. Its row's lock puts changes into an order.
create table if not exists platform.custom_field_generation (id int primary key check (id = 1), generation bigint not null);
insert into platform.custom_field_generation values (1, 1) on conflict do nothing;

-- Who relies on a field as it is, such as a conversion's mapping: while there is a use, it can neither be deleted nor change its type. What is
-- read from it must not become more than whoever relies on it can take (source), what is written to it not more than it takes (target).
create table if not exists platform.custom_field_uses (
    field_id uuid        not null references platform.custom_fields (id) on delete cascade,
    use      text        not null,
    detail   text        not null,
    noted_at timestamptz not null default now(),
    primary key (field_id, use)
);
-- With a default, for the version before this column writes none.
alter table platform.custom_field_uses add column if not exists side text not null default 'source' check (side in ('source', 'target'));

-- The values of unique fields, as they are compared. Records in the recycle bin keep theirs, so that they can come back.
create table if not exists platform.custom_field_values (
    field_id  uuid not null references platform.custom_fields (id) on delete cascade,
    value     text not null,
    record_id uuid not null,
    primary key (field_id, value)
);
create index if not exists custom_field_values_record on platform.custom_field_values (record_id);

-- A value as lists filter and sort by it. What is not of the kind that is asked for is nothing, never an error: one odd value must not
-- break a list. Simple enough for the planner to see through them, so that an index over one serves it.
create or replace function platform.custom_text(custom jsonb, key text) returns text language sql immutable parallel safe as $$ select custom ->> key $$;
create or replace function platform.custom_holds(custom jsonb, part text) returns boolean language sql immutable parallel safe as $$ select custom @> part::jsonb $$;
create or replace function platform.custom_number(custom jsonb, key text) returns numeric language sql immutable parallel safe as $$
    select case when jsonb_typeof(custom -> key) = 'number' then (custom ->> key)::numeric end
$$;
create or replace function platform.custom_amount(custom jsonb, key text) returns numeric language sql immutable parallel safe as $$
    select case when jsonb_typeof(custom -> key -> 'amount') = 'number' then (custom -> key ->> 'amount')::numeric end
$$;

-- A value as it is compared: case does not matter, and what is too long for an index is compared by its hash.
create or replace function platform.unique_custom_value(custom jsonb, key text) returns text language sql immutable as $$
    select case when octet_length(custom ->> key) > 1000 then 'sha256:' || encode(sha256(convert_to(lower(custom ->> key), 'UTF8')), 'hex') else lower(custom ->> key) end
$$;

-- Keeps custom_field_values in step with the records, whichever way they are written: saved one by one, copied in by an import, put
-- back by an undo, purged. Part of the writer's own transaction; a rival waits for its end.
create or replace function platform.keep_unique_custom_values() returns trigger language plpgsql as $$
declare
    field record;
begin
    if tg_op = 'DELETE' then
        delete from platform.custom_field_values where record_id = old.id;
        return null;
    end if;
    for field in
        select f.id, f.key, platform.unique_custom_value(new.custom, f.key) as value,
               case when tg_op = 'UPDATE' then platform.unique_custom_value(old.custom, f.key) end as before
        from platform.custom_fields f where f.record_type = tg_argv[0] and f.is_unique
    loop
        continue when field.value is not distinct from field.before;
        if field.before is not null then
            delete from platform.custom_field_values where field_id = field.id and record_id = new.id;
        end if;
        if field.value is not null then
            insert into platform.custom_field_values (field_id, value, record_id) values (field.id, field.value, new.id) on conflict (field_id, value) do nothing;
            if not found then
                raise exception 'Another record has this value.' using errcode = 'unique_violation', constraint = 'custom_field_value', column = field.key;
            end if;
        end if;
    end loop;
    return null;
end $$;

-- For a migration: from now on the table's column "custom" holds the custom fields of a record type.
create or replace function platform.watch_custom_values(records regclass, record_type text) returns void language plpgsql as $$
begin
    execute format('create or replace trigger custom_values_new after insert on %s for each row when (new.custom is not null) execute function platform.keep_unique_custom_values(%L)', records, record_type);
    execute format('create or replace trigger custom_values_changed after update of custom on %s for each row when (old.custom is distinct from new.custom) execute function platform.keep_unique_custom_values(%L)', records, record_type);
    execute format('create or replace trigger custom_values_gone after delete on %s for each row when (old.custom is not null) execute function platform.keep_unique_custom_values(%L)', records, record_type);
end $$;
