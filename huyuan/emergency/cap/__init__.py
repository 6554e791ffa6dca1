"""CAP 1.2 of OASIS without Django: what an alert is, writing and reading it, and what updates and cancels do."""
