"""What alembic runs: the revisions, on the connection that `claimdesk.models.schema` hands in."""

from alembic import context

context.configure(connection=context.config.attributes['connection'], transactional_ddl=False)
context.run_migrations()
