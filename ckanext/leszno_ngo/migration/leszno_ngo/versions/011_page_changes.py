"""Note when something that public pages show was changed (``catalogue/page_changes.py``).

Triggers see every road to the tables. Each transaction notes itself once, in a row of its own, so
that nobody waits for anybody.

Revision ID: b84e2d6a9f17
Revises: 7d20f6c1b8a4
"""

from alembic import op

revision = "b84e2d6a9f17"
down_revision = "7d20f6c1b8a4"
branch_labels = None
depends_on = None

#: The tables of CKAN that public pages read.
TABLES = (
    '"group"',
    "member",
    "package",
    "package_relationship",
    "package_tag",
    "resource",
    "resource_view",
    "system_info",
    "tag",
    "user_following_dataset",
    "user_following_group",
)
_TABLE = """
CREATE TABLE IF NOT EXISTS leszno_ngo_page_change (
    id bigserial PRIMARY KEY,
    noted timestamp with time zone NOT NULL DEFAULT now()
)
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION leszno_ngo_note_page_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('leszno_ngo.page_change', true) IS DISTINCT FROM txid_current()::text THEN
        INSERT INTO leszno_ngo_page_change DEFAULT VALUES;
        PERFORM set_config('leszno_ngo.page_change', txid_current()::text, true);
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Make the table and the triggers."""
    op.execute(_TABLE)
    op.execute(_FUNCTION)
    for table in TABLES:
        op.execute(f"DROP TRIGGER IF EXISTS leszno_ngo_page_change ON {table}")
        op.execute(
            f"CREATE TRIGGER leszno_ngo_page_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION leszno_ngo_note_page_change()"
        )


def downgrade() -> None:
    """Drop the triggers and the table."""
    for table in TABLES:
        op.execute(f"DROP TRIGGER IF EXISTS leszno_ngo_page_change ON {table}")
    op.execute("DROP FUNCTION IF EXISTS leszno_ngo_note_page_change()")
    op.execute("DROP TABLE IF EXISTS leszno_ngo_page_change")
