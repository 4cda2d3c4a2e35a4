"""Example values of form fields, for lessons and trials: what a flow writes as `example`, its placeholders filled in.

{case}            the application number
{+30} {-10}       the date so many days on
{fees}            what is to be paid
{makeup} {penalty} what a violation costs: the energy, and the charge for the breach
{credit}          a credit code that belongs to nobody, its own for every order
{stock} {stock:2} the number of the first (second) meter on stock
{running:1}       the number of the customer's first meter, and {reading:1} its last reading
{transformer:1}   the id of the customer's first transformer that runs, {stopped:1} of the first that is stopped
{line} {area}     a line of the customer's unit, an area of it; {section} a reading section of it
{neighbour}       another account of the same unit without debts and open orders
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from yk.archive.numbering import credit_code_check
from yk.desk.desk import Desk
from yk.desk.form import missing
from yk.desk.looking_up import row_of, rows_of
from yk.desk.order import WorkOrder
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards.account import owed
from yk.flows.guards.fees import fees_total

Data = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{([+-]\d+|[a-z]+)(?::(\d+))?\}")


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
        return _FILLERS[word](desk, order, facts, number) if word in _FILLERS else match[0]

    return _PLACEHOLDER.sub(replaced, text)


def _credit(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    body = f"9199{order.case:0>12}"[:16] + "0"
    return body + credit_code_check(body)


def _stock(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    free = sorted(
        row["asset_no"] for row in desk.store.table("meter_asset") if row.get("asset_status") == "02"
    )
    return str(free[number - 1]) if len(free) >= number else ""


def _meters(desk: Desk, order: WorkOrder) -> list[Data]:
    return sorted(rows_of(desk.store, "meter", cons_no=order.cons_no), key=lambda row: str(row["meter_id"]))


def _running(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    meters = _meters(desk, order)
    if len(meters) < number:
        return ""
    return str(row_of(desk.store, "meter_asset", str(meters[number - 1]["asset_id"])).get("asset_no") or "")


def _reading(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    meters = _meters(desk, order)
    if len(meters) < number:
        return ""
    registers = rows_of(desk.store, "meter_register", meter_id=meters[number - 1]["meter_id"])
    return str(max((float(row.get("reading") or 0) for row in registers), default=0.0))


def _transformer(status: str) -> Callable[[Desk, WorkOrder, Facts, int], str]:
    def look(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
        mine = rows_of(desk.store, "transformer", cons_no=order.cons_no)
        ids = sorted(str(row["tran_id"]) for row in mine if row.get("run_status") == status)
        return ids[number - 1] if len(ids) >= number else ""

    return look


def _of_unit(table: str, field: str) -> Callable[[Desk, WorkOrder, Facts, int], str]:
    """The n-th row of the order's unit; of any unit when it has none."""

    def look(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
        rows = sorted(desk.store.table(table), key=lambda row: str(row[field]))
        unit = facts.get("org_no") or facts.office
        mine = [row for row in rows if row.get("org_no") == unit] or rows
        return str(mine[number - 1][field]) if len(mine) >= number else ""

    return look


def _neighbour(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    """An account with the same voltage and unit that nothing keeps from changing."""
    mine = row_of(desk.store, "customer", order.cons_no)
    fit = [
        row["cons_no"]
        for row in sorted(desk.store.table("customer"), key=lambda row: str(row["cons_no"]))
        if row["cons_no"] != order.cons_no
        and row.get("status") == "0"
        and row.get("tmp_flag") == "03"
        and all(row.get(name) == mine.get(name) for name in ("org_no", "cons_sort", "elec_type"))
        and not any(owed(debt) > 0 for debt in rows_of(desk.store, "receivable", cons_no=row["cons_no"]))
    ]
    return str(fit[number - 1]) if len(fit) >= number else ""


def _violation(part: str) -> Callable[[Desk, WorkOrder, Facts, int], str]:
    def look(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
        from yk.flows.guards.violation_charges import charge_of

        return str(getattr(charge_of(facts), part))

    return look


_FILLERS: dict[str, Callable[[Desk, WorkOrder, Facts, int], str]] = {
    "case": lambda desk, order, facts, number: order.case,
    "fees": lambda desk, order, facts, number: str(fees_total(facts)),
    "makeup": _violation("makeup"),
    "penalty": _violation("penalty"),
    "credit": _credit,
    "stock": _stock,
    "running": _running,
    "reading": _reading,
    "transformer": _transformer("01"),
    "stopped": _transformer("02"),
    "line": _of_unit("line", "line_no"),
    "area": _of_unit("transformer_area", "tg_no"),
    "section": _of_unit("reading_section", "sect_no"),
    "neighbour": _neighbour,
}
