"""Storage in PostgreSQL: pool, transaction, migrations, the ledger, the embedded server."""
