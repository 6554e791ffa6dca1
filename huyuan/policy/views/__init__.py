"""Pages of the plan, of duties and of the burden meter."""
