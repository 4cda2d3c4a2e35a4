"""What databases write differently: everything else of our SQL is read alike by SQLite and DuckDB.

`SHIFT(o.off_time, -7 days)` is a time that many hours or days later (`+`) or earlier (`-`), in the text form of the
archive (`YYYY-MM-DDTHH:MM:SS`); NULL for no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SHIFT = re.compile(r"SHIFT\(([\w.]+), ([+-])(\d+ (?:hours|days))\)")
DIALECTS = {
    "sqlite": r"strftime('%Y-%m-%dT%H:%M:%S', \1, '\2\3')",
    "duckdb": r"strftime(TRY_CAST(\1 AS TIMESTAMP) \2 INTERVAL '\3', '%Y-%m-%dT%H:%M:%S')",
}
"""How each database shifts a time."""


def spoken(sql: str, dialect: str) -> str:
    """`sql` as the database of that dialect (`sqlite`, `duckdb`) reads it."""
    return SHIFT.sub(DIALECTS[dialect], sql)


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Texts as SQL writes a list for IN."""
    return f"({', '.join(map(quoted, texts))})"
