"""Deadlines: due times, lamps."""
