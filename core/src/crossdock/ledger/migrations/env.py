"""Run by Alembic for each upgrade, over the connection that `migrate.upgrade` hands in."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
