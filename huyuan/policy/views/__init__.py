"""Pages of the burden meter."""
