"""The rules agree with the printed annexes, as they were read once (`tests/flows/data/quality_rules.json`)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import quality

from yk.audit import fusing
from yk.audit.rules import rules, values
from yk.settings import load

PLACES = {"today": ":today", "today_20y": ":twenty_years_ago", "report_next": ":next_month"}
"""Where the reference SQL names a day instead of saying it."""


def words(sql: str) -> list[str]:
    """The words of SQL in their order; brackets, blanks and line ends do not count."""
    return re.sub(r"[()\s]+", " ", sql).split()


def test_the_rules_are_those_of_the_annexes_in_their_order() -> None:
    assert [rule["id"] for rule in quality.rules()] == list(rules())


@pytest.mark.parametrize("printed", quality.rules(), ids=lambda rule: str(rule["id"]))
def test_a_rule_is_as_printed(printed: dict[str, Any]) -> None:
    rule = rules()[printed["id"]]
    ours = {
        name: getattr(rule, name) for name in ("name", "list", "division", "centre", "severity", "billing")
    }
    assert ours | {"entities": [part.entity for part in rule.parts]} == {
        name: value for name, value in printed.items() if name not in ("id", "sql")
    }
    known = values("2026-11-23", load({})) | PLACES
    assert words(fusing.alone(rule, known)) == words(printed["sql"])
