"""Batches: thousands of accounts from a list, planned, shown, applied, resumed, undone."""
