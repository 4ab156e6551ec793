"""Secrets of harvest sources in a table of their own, those that were saved before among them.

Their addresses and options stood in the tables of sources and packages, and in the copies that
ckanext-activity keeps. Sources that had some are put into the search again when it takes up what
waits (``ckan leszno-ngo reindex``).

Revision ID: 5b1e8f27c394
Revises: 1f6b8d2c9e07
"""

from alembic import op

from ckanext.leszno_ngo.harvest import moved_secrets

revision = "5b1e8f27c394"
down_revision = "1f6b8d2c9e07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and move what stands elsewhere."""
    op.execute(
        "CREATE TABLE IF NOT EXISTS leszno_ngo_source_secret ("
        "source_id text PRIMARY KEY, content json NOT NULL)"
    )
    moved_secrets.move(op.get_bind())


def downgrade() -> None:
    """Drop the table; sources whose secrets were in it need them anew."""
    op.execute("DROP TABLE IF EXISTS leszno_ngo_source_secret")
