"""Example values of form fields, for lessons and trials: what a flow writes as `example`, its placeholders filled in."""

from __future__ import annotations

import re
from typing import Any

from yk.desk.desk import Desk
from yk.desk.form import missing
from yk.desk.order import WorkOrder
from yk.desk.placeholders import FILLERS
from yk.flows.dates import days_on
from yk.flows.facts import Facts

Data = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{([+-]\d+|[a-z_]+)(?::(\d+))?\}")


def examples_of(desk: Desk, case: str, step: str) -> Data:
    """Example values for the fields of `step` that are required and empty."""
    order = desk.get(case)
    exam = desk.examination(order, step)
    empty = missing(exam.flow, step, exam.facts, exam.holds)
    made = {spec["name"]: filled_in(desk, order, exam.facts, spec["example"]) for spec in empty}
    return {name: value for name, value in made.items() if value}


def filled_in(desk: Desk, order: WorkOrder, facts: Facts, text: str) -> str:
    """`text` with its placeholders replaced; one that finds nothing becomes empty."""

    def replaced(match: re.Match[str]) -> str:
        word, number = match[1], int(match[2] or 1)
        if word[0] in "+-":
            return days_on(facts.today, int(word))
        return FILLERS[word](desk, order, facts, number) if word in FILLERS else match[0]

    return _PLACEHOLDER.sub(replaced, text)
