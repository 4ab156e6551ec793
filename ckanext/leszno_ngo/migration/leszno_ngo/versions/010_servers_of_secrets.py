"""All servers that secrets of harvest sources were given for are noted, bare host names too.

Revision ID: 7d20f6c1b8a4
Revises: c40d9b7a61e5
"""

from alembic import op

from ckanext.leszno_ngo.harvest import moved_secrets

revision = "7d20f6c1b8a4"
down_revision = "c40d9b7a61e5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note the servers of each source with a secret as they are today, with their places."""
    moved_secrets.note_hosts(op.get_bind())


def downgrade() -> None:
    """Leave the servers as they are noted."""
