"""Example values of form fields, for lessons and trials: what a flow writes as `example`, its placeholders filled in.

{case}            the application number
{+30} {-10}       the date so many days on
{period}          the first day of the next billing period (calendar month), {period:2} of the one after
{fees}            what is to be paid
{credit}          a credit code that belongs to nobody, its own for every order
{stock} {stock:2} the number of the first (second) meter on stock
{running:1}       the number of the customer's first meter, and {reading:1} its last reading
{transformer:1}   the id of the customer's first transformer that runs, {stopped:1} of the first that is stopped
{seal:1}          the seal on the first that is stopped
{rest:1} {with:1} the running capacity without the first that runs, and with the first that is stopped; {bigger:1} a
                  capacity above that of the first that runs
{meters}          how many meters the customer has
{line} {area}     a line of the customer's unit, an area of it; {section} a reading section of it
{neighbour}       another account of the same unit without debts and open orders
{account:1}       the first low-voltage account of the unit on a public area, nothing in its way; {its_line} {its_area} where it hangs,
                  {other_line} {other_area} another area of its unit
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
from yk.flows.dates import days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards.account import owed
from yk.flows.guards.fees import fees_total

Data = dict[str, Any]
Filler = Callable[[Desk, WorkOrder, Facts, int], str]
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


def _transformers(desk: Desk, order: WorkOrder, status: str) -> list[Data]:
    mine = rows_of(desk.store, "transformer", cons_no=order.cons_no)
    return sorted((r for r in mine if r.get("run_status") == status), key=lambda r: str(r["tran_id"]))


def _transformer(status: str, field: str = "tran_id") -> Callable[[Desk, WorkOrder, Facts, int], str]:
    """A field of the n-th transformer in this state."""

    def look(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
        rows = _transformers(desk, order, status)
        return str(rows[number - 1].get(field) or "") if len(rows) >= number else ""

    return look


def _capacity(pick: Callable[[list[float], list[float], int], float]) -> Callable[..., str]:
    """A capacity reckoned from those of the transformers that run and of those that are stopped."""

    def look(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
        run, still = (
            [float(row.get("plate_cap") or 0) for row in _transformers(desk, order, status)]
            for status in ("01", "02")
        )
        return f"{pick(run, still, number):g}"

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


def _account(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> Data:
    """The n-th account of the order's unit (of any unit when it has none) that hangs on an area and is not in work."""
    unit = facts.get("org_no") or facts.office
    fit = [
        row
        for row in sorted(desk.store.table("power_source"), key=lambda row: str(row["ps_id"]))
        if row.get("station_id")
        and row_of(desk.store, "customer", str(row["cons_no"])).get("status") == "0"
        and unit in ("", row.get("org_no"))
    ]
    return dict(fit[number - 1]) if len(fit) >= number else {}


def _other_area(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> Data:
    """Another public area of the unit of the n-th account."""
    mine = _account(desk, order, facts, number)
    rows = sorted(desk.store.table("transformer_area"), key=lambda row: str(row["tg_no"]))
    fit = [row for row in rows if row.get("org_no") == mine.get("org_no") and row.get("pub_priv") == "01"]
    return next((dict(row) for row in fit if row["tg_no"] != mine.get("station_id")), {})


def _field(look: Callable[[Desk, WorkOrder, Facts, int], Data], name: str) -> Filler:
    return lambda desk, order, facts, number: str(look(desk, order, facts, number).get(name) or "")


_FILLERS: dict[str, Filler] = {
    "case": lambda desk, order, facts, number: order.case,
    "period": lambda desk, order, facts, number: months_on(f"{facts.today[:8]}01", number),
    "fees": lambda desk, order, facts, number: str(fees_total(facts)),
    "credit": _credit,
    "stock": _stock,
    "running": _running,
    "reading": _reading,
    "transformer": _transformer("01"),
    "stopped": _transformer("02"),
    "seal": _transformer("02", "seal_no"),
    "rest": _capacity(lambda run, still, number: sum(run[: number - 1]) + sum(run[number:])),
    "with": _capacity(lambda run, still, number: sum(run) + sum(still[number - 1 : number])),
    "bigger": _capacity(lambda run, still, number: run[number - 1] + 100 if len(run) >= number else 0.0),
    "meters": lambda desk, order, facts, number: str(len(_meters(desk, order))),
    "line": _of_unit("line", "line_no"),
    "area": _of_unit("transformer_area", "tg_no"),
    "section": _of_unit("reading_section", "sect_no"),
    "neighbour": _neighbour,
    "account": _field(_account, "cons_no"),
    "its_line": _field(_account, "line_id"),
    "its_area": _field(_account, "station_id"),
    "other_line": _field(_other_area, "line_no"),
    "other_area": _field(_other_area, "tg_no"),
}
