"""What is done with alarm devices."""
