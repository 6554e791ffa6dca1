"""The demo county: invented, believable, the same for the same day."""
