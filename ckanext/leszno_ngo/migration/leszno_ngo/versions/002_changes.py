"""Note when a record became public, changed or ceased to be public (``catalogue/changes.py``).

CKAN leaves ``metadata_modified`` as it is when a record is deleted, made private or published in
bulk, and forgets a purged one. Triggers see every road to the table, and the time is that of one
clock, the database's.

Revision ID: 5d0c7b2e8a02
Revises: 1f6a0c3d9b01
"""

from alembic import op

revision = "5d0c7b2e8a02"
down_revision = "1f6a0c3d9b01"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE IF NOT EXISTS leszno_ngo_change (
    package_id text PRIMARY KEY,
    type text NOT NULL,
    changed timestamp with time zone NOT NULL,
    is_public boolean NOT NULL
)
"""
# A record that was never public has no row: nobody can tell from outside that there is a draft.
_FUNCTION = """
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
#: Operation → the rows that its trigger reads.
_ROWS = {
    "INSERT": "NEW TABLE AS rows_after",
    "UPDATE": "OLD TABLE AS rows_before NEW TABLE AS rows_after",
    "DELETE": "OLD TABLE AS rows_before",
}


def upgrade() -> None:
    """Make the table and the triggers, and note the records that are public already."""
    op.execute(_TABLE)
    op.execute(
        "CREATE INDEX IF NOT EXISTS ix_leszno_ngo_change ON leszno_ngo_change (changed, package_id)"
    )
    op.execute(_FUNCTION)
    for operation, rows in _ROWS.items():
        name = f"leszno_ngo_change_{operation.lower()}"
        op.execute(f"DROP TRIGGER IF EXISTS {name} ON package")
        op.execute(
            f"CREATE TRIGGER {name} AFTER {operation} ON package REFERENCING {rows} "
            "FOR EACH STATEMENT EXECUTE FUNCTION leszno_ngo_note_change()"
        )
    op.execute(
        "INSERT INTO leszno_ngo_change (package_id, type, changed, is_public) "
        "SELECT id, type, coalesce(metadata_modified AT TIME ZONE 'UTC', now()), true FROM package "
        "WHERE state = 'active' AND private IS NOT TRUE AND type IS NOT NULL "
        "ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    """Drop the triggers and the table."""
    for operation in _ROWS:
        op.execute(f"DROP TRIGGER IF EXISTS leszno_ngo_change_{operation.lower()} ON package")
    op.execute("DROP FUNCTION IF EXISTS leszno_ngo_note_change()")
    op.execute("DROP TABLE IF EXISTS leszno_ngo_change")
