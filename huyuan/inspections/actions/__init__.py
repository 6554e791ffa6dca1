"""Every write of checks and hazards."""
