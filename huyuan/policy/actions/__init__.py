"""Bringing plans in, setting rhythms, declaring what was done before, adopting an implementation plan."""
