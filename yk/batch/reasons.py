"""Names of reasons that are no guard's (`reasons.yaml`), for the totals of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from yk import yamls

SOURCE = Path(__file__).with_name("reasons.yaml")


@cache
def reasons() -> Mapping[str, str]:
    """Code -> what it is called in totals."""
    found: dict[str, str] = yamls.compiled("batch-reasons", [SOURCE], _read)
    return found


def _read() -> dict[str, str]:
    f = yamls.read(SOURCE, "reasons.yaml").fields()
    return {code: f.text(code) for code in f.keys()}  # noqa: SIM118
