"""Rows that may name a person and wait for a decision; and what was erased.

Revision ID: 7c41d0a9e603
Revises: 8c41f0a7be03
"""

from alembic import op

revision = "7c41d0a9e603"
down_revision = "8c41f0a7be03"
branch_labels = None
depends_on = None

# `content` is the only place in which such a row is; it goes with the decision.
_WAITING = """
CREATE TABLE IF NOT EXISTS leszno_ngo_waiting (
    digest text PRIMARY KEY,
    source_id text NOT NULL,
    owner_org text NOT NULL DEFAULT '',
    type text NOT NULL,
    fields text NOT NULL,
    content text,
    record_id text,
    since timestamp with time zone NOT NULL DEFAULT now(),
    seen timestamp with time zone NOT NULL DEFAULT now(),
    decision text,
    decided_by text,
    decided timestamp with time zone
)
"""
# Digests only: nobody can read from it what was erased.
_ERASURE = """
CREATE TABLE IF NOT EXISTS leszno_ngo_erasure (
    digest text PRIMARY KEY,
    kind text NOT NULL,
    words integer NOT NULL DEFAULT 0,
    done timestamp with time zone NOT NULL DEFAULT now()
)
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(_WAITING)
    op.execute(
        "CREATE INDEX IF NOT EXISTS ix_leszno_ngo_waiting ON leszno_ngo_waiting (owner_org) "
        "WHERE decision IS NULL"
    )
    op.execute(_ERASURE)


def downgrade() -> None:
    """Drop the tables."""
    op.execute("DROP TABLE IF EXISTS leszno_ngo_waiting")
    op.execute("DROP TABLE IF EXISTS leszno_ngo_erasure")
