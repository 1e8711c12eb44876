"""Who decides, and by which rules: organizations, people, roles, sign-in, charters, kinship."""
