"""Benchmarks: commands that fill a database of their own, measure through the front door and print JSON."""
