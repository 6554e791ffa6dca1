"""Writes around ledgers: saved views, imports."""
