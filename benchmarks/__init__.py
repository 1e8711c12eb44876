"""Measures how fast the program is beside the limit, in the same run: `make bench`, or `python -m benchmarks`."""
