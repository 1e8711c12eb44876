"""How fast it is, measured beside the limit in the same run: `make bench`, or `python -m benchmarks`."""
