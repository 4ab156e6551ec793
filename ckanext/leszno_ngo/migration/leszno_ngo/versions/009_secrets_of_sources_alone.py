"""Secrets of harvest sources go with their source, and to the servers they were given for.

A purged source takes its secrets along; those that purged sources have left are deleted. The
servers of the others are noted as they are today.

Revision ID: c40d9b7a61e5
Revises: 5b1e8f27c394
"""

from alembic import op

from ckanext.leszno_ngo.harvest import moved_secrets

revision = "c40d9b7a61e5"
down_revision = "5b1e8f27c394"
branch_labels = None
depends_on = None

_KEY = "leszno_ngo_source_secret_source_id_fkey"


def upgrade() -> None:
    """Delete what is of no source, and let the rest go with its source."""
    op.execute(
        "DELETE FROM leszno_ngo_source_secret AS kept"
        " WHERE NOT EXISTS (SELECT FROM package WHERE package.id = kept.source_id)"
    )
    op.execute(f"ALTER TABLE leszno_ngo_source_secret DROP CONSTRAINT IF EXISTS {_KEY}")
    op.execute(
        f"ALTER TABLE leszno_ngo_source_secret ADD CONSTRAINT {_KEY}"
        " FOREIGN KEY (source_id) REFERENCES package (id) ON DELETE CASCADE"
    )
    moved_secrets.note_hosts(op.get_bind())


def downgrade() -> None:
    """Let secrets stay when their source is purged."""
    op.execute(f"ALTER TABLE leszno_ngo_source_secret DROP CONSTRAINT IF EXISTS {_KEY}")
