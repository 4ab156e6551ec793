"""Order the list of changes by PostgreSQL's transactions, not by the clock.

A clock may be set back, and two machines have two. A position is the number of the transaction
that noted the change, on top of a base: in a database that was restored into a new cluster, where
transactions are numbered anew, the first change raises the base above every position there is.

Revision ID: 9a3e5c80d706
Revises: 2f9b6d1c7a05
"""

from alembic import op

revision = "9a3e5c80d706"
down_revision = "2f9b6d1c7a05"
branch_labels = None
depends_on = None

_TABLES = """
ALTER TABLE leszno_ngo_change ADD COLUMN IF NOT EXISTS position bigint NOT NULL DEFAULT 0;
CREATE TABLE IF NOT EXISTS leszno_ngo_change_base (base bigint NOT NULL);
INSERT INTO leszno_ngo_change_base SELECT 0 WHERE NOT EXISTS (SELECT FROM leszno_ngo_change_base);
"""
# What was noted before has its order by the clock, and positions below those to come.
_NUMBER = """
UPDATE leszno_ngo_change AS noted SET position = numbered.number FROM (
    SELECT package_id, row_number() OVER (ORDER BY changed, package_id) AS number
    FROM leszno_ngo_change
) AS numbered WHERE numbered.package_id = noted.package_id;
UPDATE leszno_ngo_change_base SET base = (SELECT count(*) FROM leszno_ngo_change);
CREATE INDEX IF NOT EXISTS ix_leszno_ngo_change_position
    ON leszno_ngo_change (position, package_id);
"""
_POSITION = """
CREATE OR REPLACE FUNCTION leszno_ngo_position() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    own bigint := txid_current();
    found bigint;
BEGIN
    -- Every position that is seen is of a transaction before the next one of this cluster.
    UPDATE leszno_ngo_change_base SET base = highest.position + 1 - own
    FROM (SELECT max(position) AS position FROM leszno_ngo_change) AS highest
    WHERE base + greatest(own + 1, txid_snapshot_xmax(txid_current_snapshot()))
        <= highest.position;
    SELECT base INTO found FROM leszno_ngo_change_base;
    RETURN found + own;
END $$
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION leszno_ngo_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own bigint := leszno_ngo_position();
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO leszno_ngo_change (package_id, type, changed, is_public, position)
        SELECT id, type, clock_timestamp(), true, own FROM rows_after
        WHERE state = 'active' AND private IS NOT TRUE AND type IS NOT NULL
        ON CONFLICT (package_id) DO UPDATE
        SET type = EXCLUDED.type, changed = EXCLUDED.changed, is_public = true,
            position = EXCLUDED.position;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE leszno_ngo_change AS noted
        SET changed = clock_timestamp(), is_public = false, position = own
        FROM rows_before
        WHERE noted.package_id = rows_before.id AND noted.is_public AND NOT EXISTS (
            SELECT FROM package
            WHERE package.id = rows_before.id AND state = 'active' AND private IS NOT TRUE
        );
    END IF;
    RETURN NULL;
END $$
"""
# The function of 002_changes.py.
_FUNCTION_BEFORE = """
CREATE OR REPLACE FUNCTION leszno_ngo_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO leszno_ngo_change (package_id, type, changed, is_public)
        SELECT id, type, clock_timestamp(), true FROM rows_after
        WHERE state = 'active' AND private IS NOT TRUE AND type IS NOT NULL
        ON CONFLICT (package_id) DO UPDATE
        SET type = EXCLUDED.type, changed = EXCLUDED.changed, is_public = true;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE leszno_ngo_change AS noted SET changed = clock_timestamp(), is_public = false
        FROM rows_before
        WHERE noted.package_id = rows_before.id AND noted.is_public AND NOT EXISTS (
            SELECT FROM package
            WHERE package.id = rows_before.id AND state = 'active' AND private IS NOT TRUE
        );
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Number what is noted, and have new changes numbered."""
    for statement in (_TABLES, _NUMBER, _POSITION, _FUNCTION):
        op.execute(statement)


def downgrade() -> None:
    """Order by the clock again."""
    op.execute(_FUNCTION_BEFORE)
    op.execute("DROP FUNCTION IF EXISTS leszno_ngo_position()")
    op.execute("DROP TABLE IF EXISTS leszno_ngo_change_base")
    op.execute("ALTER TABLE leszno_ngo_change DROP COLUMN IF EXISTS position")
