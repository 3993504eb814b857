"""Alembic environment of core and of modules (architecture.md §8).

The caller (``lunarfront.kernel.db.migrate``) passes an open connection of the owner role and the schema of
the distribution; each distribution has its own history and its own ``alembic_version`` in its own schema.
"""

from alembic import context

from lunarfront.kernel.db.migrate import include_name, target_metadata

config = context.config
schema = config.attributes.get("schema", "public")


def run() -> None:
    """Run the migrations on the caller's connection, all in one transaction."""
    context.configure(
        connection=config.attributes["connection"],
        target_metadata=target_metadata(schema),
        version_table_schema=schema,
        include_schemas=schema != "public",
        include_name=include_name(schema),
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
