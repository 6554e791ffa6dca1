"""What is done in an emergency."""
