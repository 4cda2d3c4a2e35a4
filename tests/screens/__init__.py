"""Tests of the terminal UI: driven by keys, without a terminal."""
