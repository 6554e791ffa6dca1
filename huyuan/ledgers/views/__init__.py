"""Pages of ledgers and imports."""
