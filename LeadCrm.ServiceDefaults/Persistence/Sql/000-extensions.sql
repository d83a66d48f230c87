-- What searching by likeness and the keys of lists need. The owner of a database may create these four; where a database came with them,
-- as on the embedded host, nothing happens.
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gin;
create extension if not exists citext;
