"""Act, record, refusal, access, and what a package brings: all else is made of these."""
