"""Packages that were saved while Solr was away (``search/unindexed.py``).

Revision ID: 2f9b6d1c7a05
Revises: 7c41d0a9e603
"""

from alembic import op

revision = "2f9b6d1c7a05"
down_revision = "7c41d0a9e603"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.execute(
        "CREATE TABLE IF NOT EXISTS leszno_ngo_unindexed ("
        "package_id text PRIMARY KEY, noted timestamp with time zone NOT NULL DEFAULT now())"
    )


def downgrade() -> None:
    """Drop the table."""
    op.execute("DROP TABLE IF EXISTS leszno_ngo_unindexed")
