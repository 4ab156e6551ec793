"""Index the identifiers of records, so that a look-up does not read every package.

Revision ID: 1f6a0c3d9b01
Revises:
"""

from alembic import op

revision = "1f6a0c3d9b01"
down_revision = None
branch_labels = None
depends_on = None

_FIELDS = ("krs", "regon", "nip", "register_number")


def upgrade() -> None:
    """Add one partial expression index a field of identity."""
    for field in _FIELDS:
        op.execute(
            f"CREATE INDEX IF NOT EXISTS ix_leszno_ngo_{field} ON package "
            f"((extras ->> '{field}')) WHERE extras ->> '{field}' IS NOT NULL"
        )


def downgrade() -> None:
    """Drop the indexes."""
    for field in _FIELDS:
        op.execute(f"DROP INDEX IF EXISTS ix_leszno_ngo_{field}")
