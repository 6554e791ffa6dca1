"""Forms of emergencies."""
