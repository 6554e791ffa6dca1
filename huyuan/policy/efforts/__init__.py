"""The burden meter: what filling in costs schools, per organisation and month."""
