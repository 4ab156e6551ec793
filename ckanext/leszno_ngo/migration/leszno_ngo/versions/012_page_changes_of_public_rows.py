"""Note a change of public pages only where it concerns what anybody may see.

Triggers of 011 saw statements; these see their rows. Saving a draft, a private or a deleted record
leaves the tags of public pages as they are, so that nobody can tell from outside that it was saved.

Revision ID: 2f9c61d07be5
Revises: b84e2d6a9f17
"""

from __future__ import annotations

from alembic import op

revision = "2f9c61d07be5"
down_revision = "b84e2d6a9f17"
branch_labels = None
depends_on = None


def _of_public(package: str, joined: str = "") -> str:
    """Compose the condition that a row (``changed``) belongs to a record that anybody may see."""
    return (
        f"EXISTS (SELECT FROM package {joined} WHERE package.id {package} "
        "AND package.state = 'active' AND package.private IS NOT TRUE)"
    )


#: Table of CKAN that public pages read → which of its rows (``changed``) they show.
SHOWN = {
    '"group"': "changed.state = 'active'",
    "member": f"changed.table_name <> 'package' OR {_of_public('= changed.table_id')}",
    "package": "changed.state = 'active' AND changed.private IS NOT TRUE",
    "package_relationship": _of_public(
        "IN (changed.subject_package_id, changed.object_package_id)"
    ),
    "package_tag": _of_public("= changed.package_id"),
    "resource": _of_public("= changed.package_id"),
    "resource_view": _of_public(
        "= resource.package_id", "JOIN resource ON resource.id = changed.resource_id"
    ),
    "system_info": "true",
    "tag": _of_public(
        "= package_tag.package_id", "JOIN package_tag ON package_tag.tag_id = changed.id"
    ),
    "user_following_dataset": _of_public("= changed.object_id"),
    "user_following_group": "true",
}
#: Operation → the rows that its trigger reads, and how the function finds all of them.
_ROWS = {
    "INSERT": "NEW TABLE AS rows_after",
    "UPDATE": "OLD TABLE AS rows_before NEW TABLE AS rows_after",
    "DELETE": "OLD TABLE AS rows_before",
}
_FUNCTION = """
CREATE OR REPLACE FUNCTION leszno_ngo_note_page_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_shown boolean;
    row_sets text := CASE TG_OP
        WHEN 'INSERT' THEN 'TABLE rows_after'
        WHEN 'DELETE' THEN 'TABLE rows_before'
        ELSE 'TABLE rows_before UNION ALL TABLE rows_after'
    END;
BEGIN
    IF current_setting('leszno_ngo.page_change', true) = txid_current()::text THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM (%s) AS changed WHERE %s)', row_sets, TG_ARGV[0])
    INTO is_shown;
    IF is_shown THEN
        INSERT INTO leszno_ngo_page_change DEFAULT VALUES;
        PERFORM set_config('leszno_ngo.page_change', txid_current()::text, true);
    END IF;
    RETURN NULL;
END $$
"""
_FUNCTION_OF_STATEMENTS = """
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
    """Replace the triggers of statements by triggers of rows."""
    op.execute(_FUNCTION)
    for table, shown in SHOWN.items():
        op.execute(f"DROP TRIGGER IF EXISTS leszno_ngo_page_change ON {table}")
        condition = shown.replace("'", "''")
        for operation, rows in _ROWS.items():
            name = f"leszno_ngo_page_change_{operation.lower()}"
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            op.execute(
                f"CREATE TRIGGER {name} AFTER {operation} ON {table} REFERENCING {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION leszno_ngo_note_page_change('{condition}')"
            )


def downgrade() -> None:
    """Put the triggers of statements back."""
    op.execute(_FUNCTION_OF_STATEMENTS)
    for table in SHOWN:
        for operation in _ROWS:
            name = f"leszno_ngo_page_change_{operation.lower()}"
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        op.execute(
            f"CREATE TRIGGER leszno_ngo_page_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION leszno_ngo_note_page_change()"
        )
