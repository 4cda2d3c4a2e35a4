"""What placeholders of example values stand for.

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
{neighbour}       another account of the same unit without debts and open orders, one on the same line or area first
{account:1}       the first low-voltage account of the unit on a public area, nothing in its way; {its_line} {its_area} where it hangs,
                  {other_line} {other_area} another area of its unit
{closable:1}      an account of the order's unit that nothing keeps from being closed, {closable:2} the next
{partner:1}       the first account the form names in `partners`, {partnermeter:1} its first meter's number,
                  {partnerreading:1} that meter's last reading, {together} the capacity of all of them and the customer
{makeup} {penalty} what a violation costs: the energy, and the charge for the breach
{month}           this month, YYYY-MM
{results}         a conclusion for every item of an audit's order, as JSON text
{corrector}       who may do the archive maintenance of the order
{half}            half of the customer's capacity, {tariff} the code of its price
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from yk.archive.numbering import credit_code_check
from yk.desk import duty
from yk.desk.desk import Desk
from yk.desk.looking_up import row_of, rows_of
from yk.desk.operators import all_operators
from yk.desk.order import WorkOrder
from yk.flows.dates import months_on
from yk.flows.facts import Facts
from yk.flows.guards.account import owed
from yk.flows.guards.auditing import concluded
from yk.flows.guards.authorising import MAINTENANCE
from yk.flows.guards.fees import fees_total

Data = dict[str, Any]
Filler = Callable[[Desk, WorkOrder, Facts, int], str]


def _credit(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    body = f"9199{order.case:0>12}"[:16] + "0"
    return body + credit_code_check(body)


def _stock(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    free = sorted(
        row["asset_no"] for row in desk.store.table("meter_asset") if row.get("asset_status") == "02"
    )
    return str(free[number - 1]) if len(free) >= number else ""


def _meters(desk: Desk, cons_no: str) -> list[Data]:
    return sorted(rows_of(desk.store, "meter", cons_no=cons_no), key=lambda row: str(row["meter_id"]))


def _running(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    return _running_of(desk, order.cons_no, number)


def _running_of(desk: Desk, cons_no: str, number: int) -> str:
    meters = _meters(desk, cons_no)
    if len(meters) < number:
        return ""
    return str(row_of(desk.store, "meter_asset", str(meters[number - 1]["asset_id"])).get("asset_no") or "")


def _reading(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    return _reading_of(desk, order.cons_no, number)


def _reading_of(desk: Desk, cons_no: str, number: int) -> str:
    meters = _meters(desk, cons_no)
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


def _free(desk: Desk) -> list[Data]:
    """Accounts without debts, open cases and open orders that are not temporary, by number."""
    return [
        row
        for row in sorted(desk.store.table("customer"), key=lambda row: str(row["cons_no"]))
        if row.get("status") == "0"
        and row.get("tmp_flag") == "03"
        and not any(owed(debt) > 0 for debt in rows_of(desk.store, "receivable", cons_no=row["cons_no"]))
        and all(case.get("closed_date") for case in rows_of(desk.store, "violation", cons_no=row["cons_no"]))
    ]


def _neighbour(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    """An account with the same voltage and unit that nothing keeps from changing, one at the same point of supply first."""
    mine = row_of(desk.store, "customer", order.cons_no)
    alike = ("org_no", "cons_sort", "elec_type")
    fit = [
        str(row["cons_no"])
        for row in _free(desk)
        if row["cons_no"] != order.cons_no and all(row.get(name) == mine.get(name) for name in alike)
    ]
    here = _supply(desk, order.cons_no)
    fit.sort(key=lambda cons_no: not here & _supply(desk, cons_no))
    return fit[number - 1] if len(fit) >= number else ""


def _closable(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    """A low-voltage account with a meter in the order's unit, the first unit that has one when it has none."""
    fit = [row for row in _free(desk) if row.get("cons_sort") != "01" and _meters(desk, str(row["cons_no"]))]
    unit = facts.get("org_no") or facts.office or (str(fit[0]["org_no"]) if fit else "")
    mine = [row for row in fit if row.get("org_no") == unit]
    return str(mine[number - 1]["cons_no"]) if len(mine) >= number else ""


def _supply(desk: Desk, cons_no: str) -> set[tuple[object, object]]:
    """Where an account is supplied: lines and areas of its sources."""
    rows = rows_of(desk.store, "power_source", cons_no=cons_no)
    return {(row.get("line_id"), row.get("station_id")) for row in rows}


def _partner(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    named = facts.data.get("partners") or ()
    return str(named[number - 1].get("cons_no") or "") if len(named) >= number else ""


def _of_partner(
    look: Callable[[Desk, str, int], str],
) -> Callable[[Desk, WorkOrder, Facts, int], str]:
    """What `look` finds at the first meter of the n-th partner."""
    return lambda desk, order, facts, number: look(desk, _partner(desk, order, facts, number), 1)


def _together(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    named = (str(row.get("cons_no") or "") for row in facts.data.get("partners") or ())
    rows = (row_of(desk.store, "customer", cons_no) for cons_no in (order.cons_no, *named))
    return str(sum(float(row.get("contract_cap") or 0) for row in rows))


def _half(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    return str(float(row_of(desk.store, "customer", order.cons_no).get("contract_cap") or 0) / 2)


def _tariff(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    prices = sorted(
        rows_of(desk.store, "customer_price", cons_no=order.cons_no), key=lambda row: str(row["prc_id"])
    )
    return str(prices[number - 1].get("tariff_code") or "") if len(prices) >= number else ""


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


def _corrector(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
    """The first who holds the role of 档案维护 and did nothing on this order that excludes it."""
    step = desk.flow_of(order).step(MAINTENANCE)
    able = [one for one in all_operators(desk.store) if not duty.reasons(one, order, step, desk.settings)]
    return able[number - 1].id if len(able) >= number else ""


def _violation(part: str) -> Callable[[Desk, WorkOrder, Facts, int], str]:
    def look(desk: Desk, order: WorkOrder, facts: Facts, number: int) -> str:
        from yk.flows.guards.violation_charges import charge_of

        return str(getattr(charge_of(facts), part))

    return look


FILLERS: dict[str, Filler] = {
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
    "meters": lambda desk, order, facts, number: str(len(_meters(desk, order.cons_no))),
    "line": _of_unit("line", "line_no"),
    "area": _of_unit("transformer_area", "tg_no"),
    "section": _of_unit("reading_section", "sect_no"),
    "neighbour": _neighbour,
    "account": _field(_account, "cons_no"),
    "its_line": _field(_account, "line_id"),
    "its_area": _field(_account, "station_id"),
    "other_line": _field(_other_area, "line_no"),
    "other_area": _field(_other_area, "tg_no"),
    "closable": _closable,
    "partner": _partner,
    "partnermeter": _of_partner(_running_of),
    "partnerreading": _of_partner(_reading_of),
    "together": _together,
    "makeup": _violation("makeup"),
    "penalty": _violation("penalty"),
    "month": lambda desk, order, facts, number: facts.today[:7],
    "results": lambda desk, order, facts, number: json.dumps(concluded(facts), ensure_ascii=False),
    "corrector": _corrector,
    "half": _half,
    "tariff": _tariff,
}
