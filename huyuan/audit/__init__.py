"""Append-only audit: rows in the action's transaction, chained by a sealer, heads kept outside the database."""
