"""Alembic environment of this extension's migrations (run by ``ckan db upgrade``)."""

from __future__ import annotations

from alembic import context
from sqlalchemy import engine_from_config, pool

_VERSION_TABLE = "leszno_ngo_alembic_version"

if context.is_offline_mode():
    context.configure(
        url=context.config.get_main_option("sqlalchemy.url"), version_table=_VERSION_TABLE
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = engine_from_config(
        context.config.get_section(context.config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    with engine.connect() as connection:
        context.configure(connection=connection, version_table=_VERSION_TABLE)
        with context.begin_transaction():
            context.run_migrations()
