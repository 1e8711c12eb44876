"""Who they are: people, sign-in, sessions."""
