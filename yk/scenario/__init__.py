"""Scenarios: one YAML file is a test, a demonstration, an exam and a replay, on the real engine and a throw-away store."""
