"""The demonstration: its bureau, its meeting, its links."""
