"""Pages of checks and hazards."""
