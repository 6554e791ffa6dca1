"""Days in Chinese."""
