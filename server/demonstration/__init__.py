"""The demonstration: its bureau, its meeting, its entrances."""
