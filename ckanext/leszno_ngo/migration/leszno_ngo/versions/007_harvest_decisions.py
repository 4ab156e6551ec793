"""Keep what people decided against a source's values with the record, not with the source.

A source that is deleted and made anew has another id, and what was remembered of the old one does
not count for it; ``leszno_ngo_harvest_decision`` is by record, field and value. A purged record
takes its rows along.

Revision ID: 1f6b8d2c9e07
Revises: 9a3e5c80d706
"""

from alembic import op

revision = "1f6b8d2c9e07"
down_revision = "9a3e5c80d706"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE IF NOT EXISTS leszno_ngo_harvest_decision (
    record_id text NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    field text NOT NULL,
    digest text NOT NULL,
    dismissed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (record_id, field, digest)
)
"""
# The plugin of ckanext-harvest may be off: then its tables are not there.
_DISMISSED = """
DO $$ BEGIN
    IF to_regclass('harvest_object_extra') IS NULL THEN RETURN; END IF;
    INSERT INTO leszno_ngo_harvest_decision (record_id, field, digest, dismissed)
    SELECT package.id, decided.key, decided.value, true
    FROM harvest_object_extra AS extra
    JOIN harvest_object AS object ON object.id = extra.harvest_object_id
    JOIN package ON package.id = object.package_id
    CROSS JOIN LATERAL json_each_text(extra.value::json) AS decided
    WHERE extra.key = 'dismissed' AND object.current
    ON CONFLICT DO NOTHING;
    DELETE FROM harvest_object_extra WHERE key = 'dismissed';
END $$
"""
_BACK = """
DO $$ BEGIN
    IF to_regclass('harvest_object_extra') IS NULL THEN RETURN; END IF;
    INSERT INTO harvest_object_extra (id, key, value, harvest_object_id)
    SELECT gen_random_uuid()::text, 'dismissed', decided.fields::text, object.id
    FROM (
        SELECT record_id, json_object_agg(field, digest) AS fields
        FROM leszno_ngo_harvest_decision WHERE dismissed GROUP BY record_id
    ) AS decided
    JOIN harvest_object AS object ON object.package_id = decided.record_id AND object.current;
END $$
"""


def upgrade() -> None:
    """Make the table, and bring in what was dismissed so far."""
    op.execute(_TABLE)
    op.execute(_DISMISSED)


def downgrade() -> None:
    """Give what was dismissed back to the sources, and drop the table."""
    op.execute(_BACK)
    op.execute("DROP TABLE IF EXISTS leszno_ngo_harvest_decision")
