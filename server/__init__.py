"""The front door: app, settings, command line; wires the rest together."""
