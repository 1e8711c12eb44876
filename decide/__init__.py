"""Decision cases: a meeting written down as JSON, and what the rules make of it."""
