"""Where it is kept: pool, transaction, migrations, the ledger, and the shape of a refusal."""
