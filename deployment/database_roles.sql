-- The database's roles: one that owns everything and cannot log in, and two that log in and act as
-- it. Whichever of both logs in makes and changes the same tables, so one can be given a new
-- password, or be shut out, while the registry works as the other (docs/operations.md, Rotate
-- secrets). A second user with granted rights could not migrate: only an owner may alter a table.
--
-- Run by whoever may make roles (RDS: the master user), in the registry's own database:
--
--   psql DATABASE -v password_a=... -v password_b=... -f deployment/database_roles.sql
--
-- Variables of psql, beside the passwords:
--   name    what the roles' names begin with, `registry` unless given
--   former  the user that owns an older installation's tables; they go over to the owner role,
--           and so does each database of his on this server. Not the master user itself
--
-- May be run again: it gives both logins the passwords that it was given. PostgreSQL 14 or later.

\set ON_ERROR_STOP on
\if :{?name}
\else
  \set name registry
\endif
\set owner :name '_owner'
\set login_a :name '_a'
\set login_b :name '_b'

BEGIN;

-- Roles belong to the server, not to a database: they may be there.
SELECT format('CREATE ROLE %I NOLOGIN', :'owner')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SELECT format('CREATE ROLE %I', each) FROM unnest(ARRAY[:'login_a', :'login_b']) AS each
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = each) \gexec

ALTER ROLE :"login_a" LOGIN INHERIT PASSWORD :'password_a';
ALTER ROLE :"login_b" LOGIN INHERIT PASSWORD :'password_b';

-- Whoever runs this must be a member to hand things over; a superuser is one of every role anyhow.
-- Since PostgreSQL 16 who made a role may administer it, but is no member until he says so.
GRANT :"owner" TO :"login_a", :"login_b", CURRENT_USER;

-- Each session of theirs begins as the owner: so the owner is what new tables belong to. It is set
-- by the server when a connection is made, so poolers and their resets leave it as it is.
ALTER ROLE :"login_a" SET role = :'owner';
ALTER ROLE :"login_b" SET role = :'owner';

-- An owner of the database may make the extension that searches need, and tables in `public`
-- (PostgreSQL 15 leaves that to the owner; 14 to everybody).
SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), :'owner') \gexec

\if :{?former}
  GRANT :"former" TO CURRENT_USER;
  REASSIGN OWNED BY :"former" TO :"owner";
\endif

COMMIT;
