"""Deadlines: the working calendar, due times, lamps."""
