"""档案管理功能授权 (第十二条2): leave to correct fields of some accounts for some days, asked for, given, used, withdrawn.

Each is an order of the flow `archive_authorisation`; its limits are the flow's guards, its moves the desk's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from yk.archive.codes import name_of
from yk.archive.dictionary import entities, entity
from yk.audit import life
from yk.audit.looking import find_finding, find_unit
from yk.audit.sheets import read_sheet
from yk.desk import Desk
from yk.desk.looking_up import row_of, rows_of
from yk.desk.operators import get_operator
from yk.desk.order import STOPPED, SUSPENDED, WorkOrder
from yk.desk.partners import partners_of
from yk.errors import Refused, UsageError
from yk.flows.corrections import row_among, shown
from yk.flows.guards.authorising import FLOW, MAINTENANCE, function_name, lapsed
from yk.text import halfwidth

Data = dict[str, Any]
APPROVAL, GRANT, WITHDRAWAL = "audit_approval", "grant", "withdrawal"
STATES = {
    "requested": "待申请",
    "submitted": "待审批",
    "approved": "待授权",
    "running": "维护中",
    "lapsed": "已到期",
    "used": "待收回",
    "withdrawn": "已收回",
    "suspended": "挂起",
    "stopped": "已终止",
}
"""What has become of leave; `lapsed` can write nothing any more and is ended by the next sweep."""
_TOLD = (
    "reason", "wanted_until", "approval_by", "approval_opinion", "granted_by", "maintained_by", "compared", "withdrawn_by",
    "withdrawn_on",
)  # fmt: skip
"""Form fields that a whole authorisation tells."""
_AT = {
    "application": "requested",
    APPROVAL: "submitted",
    GRANT: "approved",
    MAINTENANCE: "running",
    WITHDRAWAL: "used",
}


def request(
    desk: Desk,
    accounts: Iterable[str],
    fields: Iterable[str],
    until: str,
    reason: str,
    findings: Iterable[str] = (),
    unit: str = "",
) -> WorkOrder:
    """Ask for leave to correct `fields` (`customer.elec_addr`, Chinese names too) of accounts until a day, and send it to
    whoever approves. `findings` add their accounts, and are linked to the order. `unit`: who asks, where the operator
    belongs to none.

    All or nothing. Raises UsageError, Refused.
    """
    named = list(dict.fromkeys(findings))
    about = [find_finding(desk.store, one) for one in named]
    numbers = [halfwidth(one) for one in accounts] + [one["cons_no"] for one in about if one["cons_no"]]
    functions = [dict(zip(("entity", "field"), function_of(word), strict=True)) for word in fields]
    data: Data = {
        "functions": functions,
        "partners": [{"cons_no": number} for number in dict.fromkeys(numbers)],
        "wanted_until": until,
        "reason": reason,
    }
    if unit or not desk.operator.org:
        data["office"] = find_unit(unit) if unit else _unit_of(desk, numbers)
    if named:
        data["findings"] = [{"finding": one} for one in named]
    try:
        with desk.chunk():
            order = desk.open(FLOW, data=data)
            if named:
                life.link(desk, named, order.case)
            return desk.send(order.case)
    except Refused as refused:  # its hint names the order, which is not there any more
        raise Refused(refused.reasons, "改正后重新申请") from None


def _unit_of(desk: Desk, numbers: Iterable[str]) -> str:
    """The unit of the first account that has one; '' when none has."""
    units = (str(row_of(desk.store, "customer", number).get("org_no") or "") for number in numbers)
    return next(filter(None, units), "")


def function_of(word: str) -> tuple[str, str]:
    """Entity and field that `entity.field` means, in English or Chinese. Raises UsageError."""
    kind, dot, field = halfwidth(word).partition(".")
    if not dot:
        raise UsageError("bad_function", f"功能 {word} 不对", "写成 数据类别.字段，如 customer.elec_addr")
    found = entity(kind)
    return found.name, found.field(field).name


def read_accounts(path: Path) -> list[str]:
    """The account numbers of a list with a column 用户编号. Raises UnreadableError."""
    found = (row.get("cons_no", "") for _, row in read_sheet(path, {"cons_no": "用户编号"}).rows)
    return [number for number in found if number]


def approve(desk: Desk, case: str, opinion: str = "同意") -> WorkOrder:
    """Approve a request, as 营销稽查专责. Raises UsageError, Refused."""
    return desk.send(
        _order(desk, case), step=APPROVAL, data={"approval_result": "1", "approval_opinion": opinion}
    )


def grant(desk: Desk, case: str, to: str, until: str) -> WorkOrder:
    """Give the leave that was approved to an operator until a day, as 营销部计算机专责. Raises UsageError, Refused."""
    person = get_operator(desk.store, to).id
    data = {"authorised_to": person, "authorised_until": until}
    return desk.send(_order(desk, case), step=GRANT, data=data)


def withdraw(desk: Desk, case: str, compared: str) -> WorkOrder:
    """Withdraw leave once it was used; `compared` is what the comparison before and after gave. Raises UsageError,
    Refused."""
    return desk.send(_order(desk, case), step=WITHDRAWAL, data={"compared": compared})


def correct(
    desk: Desk, case: str, cons_no: str, values: Mapping[str, str], grounds: str, row_id: str = ""
) -> WorkOrder:
    """Note corrections of one account, `entity.field` -> new value, with what the archive has now; they are written when
    the step is sent. What the leave does not cover is refused at once, with every reason. Raises UsageError, Refused."""
    order = desk.get(_order(desk, case))
    number = halfwidth(cons_no)
    account = partners_of(desk.store, [number])[0]
    noted = _noted(order)
    for word, value in values.items():
        kind, field = function_of(word)
        row: Data = {"cons_no": number, "entity": kind, "row_id": row_id or None, "field": field}
        filed = account.get(kind) or []
        meant = row_among(row, [filed] if isinstance(filed, Mapping) else filed)
        told = {"new_value": value, "grounds": grounds}
        noted[_about(row)] = row | told | {"old_value": shown(meant.get(field)) if meant else None}
    with desk.chunk():
        order = desk.fill(order.case, {"corrections": list(noted.values())}, expect=order.version)
        exam = desk.examination(order, MAINTENANCE)
        reasons = [reason for name in exam.step["guards"] for reason in exam.why_not(name)]
        if reasons:
            raise Refused(reasons, f"授权的范围：yk audit authority show {order.case}")
        return order


def drop(desk: Desk, case: str, cons_no: str, words: Iterable[str], row_id: str = "") -> WorkOrder:
    """Take corrections of one account off the list, by `entity.field`, before they are written. Raises UsageError, Refused."""
    order = desk.get(_order(desk, case))
    noted = _noted(order)
    for word in words:
        kind, field = function_of(word)
        about = {"cons_no": halfwidth(cons_no), "entity": kind, "row_id": row_id, "field": field}
        if noted.pop(_about(about), None) is None:
            message = f"更正清单里没有用户 {cons_no} 的{function_name(kind, field)}"
            raise UsageError("unknown_correction", message, f"yk audit authority show {order.case}")
    return desk.fill(order.case, {"corrections": list(noted.values())}, expect=order.version)


def _noted(order: WorkOrder) -> dict[tuple[Any, ...], Data]:
    """The corrections of an order by what they are about."""
    return {_about(row): dict(row) for row in order.data.get("corrections") or ()}


def _about(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) or "" for name in ("cons_no", "entity", "row_id", "field"))


def _order(desk: Desk, case: str) -> str:
    """The number of an authorisation. Raises UsageError, also for an order of another flow."""
    order = desk.get(case)
    if order.flow != FLOW:
        name = desk.flow_of(order).name
        raise UsageError(
            "not_an_authorisation", f"工单 {case} 是{name}，不是档案管理功能授权", "yk audit authority list"
        )
    return order.case


def state_of(order: WorkOrder, today: str) -> str:
    """What has become of leave, see STATES."""
    if order.status in (STOPPED, SUSPENDED):
        return order.status
    if lapsed(order.data, order.flow, order.at, today):
        return "lapsed"
    return next((state for step, state in _AT.items() if step in order.at), "withdrawn")


def authorities(desk: Desk, only_running: bool = False) -> Iterator[Data]:
    """Every authorisation as a line of a list; with `only_running` those under which something can be written now."""
    for order in desk.orders(FLOW):
        made = line(desk, order)
        if not only_running or made["state"] == "running":
            yield made


def line(desk: Desk, order: WorkOrder) -> Data:
    """One authorisation: `{case, state, state_name, office, unit, functions, function_names, accounts, applied_by, authorised_to,
    authorised_until, corrections, status}`."""
    data = order.data
    state, functions = state_of(order, desk.now()[:10]), data.get("functions") or ()
    return {
        "case": order.case,
        "state": state,
        "state_name": STATES[state],
        "office": data.get("office"),
        "unit": name_of("org", data["office"]) if data.get("office") else "",
        "functions": [f"{row['entity']}.{row['field']}" for row in functions],
        "function_names": [function_name(row["entity"], row["field"]) for row in functions],
        "accounts": [row["cons_no"] for row in data.get("partners") or ()],
        "applied_by": data.get("applied_by"),
        "authorised_to": data.get("authorised_to"),
        "authorised_until": data.get("authorised_until"),
        "corrections": len(data.get("corrections") or ()),
        "status": order.status,
    }


def looked_at(desk: Desk, case: str) -> Data:
    """An authorisation as a whole: who asked, approved, gave, used and withdrew it, and `rows`, the corrections, each
    `{cons_no, entity, row_id, field, name, before, after, now, grounds, written}`. Raises UsageError."""
    order = desk.get(_order(desk, case))
    found = line(desk, order) | {name: order.data.get(name) for name in _TOLD}
    found["findings"] = [row["finding"] for row in order.data.get("findings") or ()]
    records = {one["change_id"]: one for one in rows_of(desk.store, "field_change", app_no=order.case)}
    rows = []
    for number, row in enumerate(order.data.get("corrections") or (), start=1):
        record = records.get(f"{order.case}-{number}")
        ident = str((record or row).get("row_id") or "") or None
        rows.append(
            {name: row.get(name) for name in ("cons_no", "entity", "field", "grounds")}
            | {"row_id": ident, "name": function_name(row["entity"], row["field"])}
            | {"before": shown(record["old_value"]) if record else row.get("old_value")}
            | {"after": shown(row.get("new_value")), "now": _now(desk, row), "written": record is not None}
        )
    return found | {"rows": rows}


def _now(desk: Desk, row: Mapping[str, Any]) -> str | None:
    """What the archive has now of what a correction is about; None where it has no such row."""
    if row["entity"] not in entities():
        return None
    filed = rows_of(desk.store, row["entity"], cons_no=row["cons_no"])
    meant = row_among(row, filed)
    return shown(meant.get(row["field"])) if meant else None
