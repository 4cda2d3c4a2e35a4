"""The audit of the archive's data: rules, their findings, and what becomes of a finding."""
