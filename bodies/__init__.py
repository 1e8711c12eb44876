"""Bodies and their rules: kinds, roles, seats, charters, kinship, matters, the calendar."""
