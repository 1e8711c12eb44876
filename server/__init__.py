"""The entry points: app, settings, command line; everything is wired together here."""
