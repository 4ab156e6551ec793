"""Keep what undoes a run of a harvest, and count how long a record is missing in days.

``leszno_ngo_harvest_undo`` is a table of its own, so that pruning harvest jobs and objects leaves
it alone. A purged record takes its rows along: erasing a person's data needs no more.

Runs that were counted become days: of a record that is not marked yet, counting begins today.

Revision ID: 8c41f0a7be03
Revises: 5d0c7b2e8a02
"""

from alembic import op

revision = "8c41f0a7be03"
down_revision = "5d0c7b2e8a02"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE IF NOT EXISTS leszno_ngo_harvest_undo (
    job_id text NOT NULL,
    record_id text NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    source_id text NOT NULL,
    written timestamp without time zone NOT NULL,
    content json NOT NULL,
    PRIMARY KEY (job_id, record_id)
)
"""
# The plugin of ckanext-harvest may be off: then its tables are not there.
_DAYS = """
DO $$ BEGIN
    IF to_regclass('harvest_object_extra') IS NULL THEN RETURN; END IF;
    INSERT INTO harvest_object_extra (id, key, value, harvest_object_id)
    SELECT gen_random_uuid()::text, 'missing_marked', current_date::text, object.id
    FROM harvest_object_extra AS runs
    JOIN harvest_object AS object ON object.id = runs.harvest_object_id
    JOIN package ON package.id = object.package_id
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN package.extras->>'sources' LIKE '[%'
        THEN (package.extras->>'sources')::jsonb ELSE '[]'::jsonb END
    ) AS entry
    WHERE runs.key = 'missing_runs' AND object.current
    AND entry->>'id' = object.harvest_source_id AND entry->>'missing_since' IS NOT NULL;
    UPDATE harvest_object_extra SET key = 'missing_from', value = current_date::text
    WHERE key = 'missing_runs';
END $$
"""
_RUNS = """
DO $$ BEGIN
    IF to_regclass('harvest_object_extra') IS NULL THEN RETURN; END IF;
    UPDATE harvest_object_extra AS extra SET key = 'missing_runs', value = CASE WHEN EXISTS (
        SELECT FROM harvest_object_extra AS mark
        WHERE mark.harvest_object_id = extra.harvest_object_id AND mark.key = 'missing_marked'
    ) THEN '3' ELSE '1' END
    WHERE extra.key = 'missing_from';
    DELETE FROM harvest_object_extra WHERE key = 'missing_marked';
END $$
"""


def upgrade() -> None:
    """Make the table, and turn counted runs into days."""
    op.execute(_TABLE)
    for columns in ("record_id", "written"):
        op.execute(
            f"CREATE INDEX IF NOT EXISTS ix_leszno_ngo_harvest_undo_{columns} "
            f"ON leszno_ngo_harvest_undo ({columns})"
        )
    op.execute(_DAYS)


def downgrade() -> None:
    """Drop the table, and turn days into counted runs."""
    op.execute("DROP TABLE IF EXISTS leszno_ngo_harvest_undo")
    op.execute(_RUNS)
