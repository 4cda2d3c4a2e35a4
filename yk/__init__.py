"""yk (业扩): process toolkit for the marketing business of a power utility."""

__version__ = "0.1.0"
