"""The manual as a book: Markdown, a printable page, a workbook."""

from __future__ import annotations

from importlib import import_module

KINDS = ("md", "html", "xlsx")
_MODULES = {"md": "markdown", "html": "webpage", "xlsx": "workbook"}


def book(kind: str) -> bytes:
    """The whole manual as a file of `kind` (one of KINDS). Raises UsageError (`xlsx_missing`) without openpyxl."""
    from yk.flows.book.chapters import chapters

    made: bytes = import_module(f"yk.flows.book.{_MODULES[kind]}").made(chapters())
    return made
