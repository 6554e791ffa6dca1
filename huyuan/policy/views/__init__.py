"""Pages of the plan and of duties."""
