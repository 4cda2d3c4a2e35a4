"""Guards about what a survey finds on site."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form

NO_INTERLOCK = ("", "0", "9")
"""Codes of the interlock that keep nothing from feeding back (code list interlock)."""


@guard(
    "现场具备供电（办理）条件",
    refuses="not_feasible",
    rule="A02",
    basis="NX 1.2 勘察人员职责（核实供电条件）",
    breaks=lambda f: set_form(infeasible=True, infeasible_reason="出线走廊未落实"),
    mends=lambda f: set_form(infeasible=False),
)
def survey_feasible(f: Facts) -> Iterator[str]:
    """What cannot be supplied or done does not go on; the reason is written down."""
    if f.data.get("infeasible"):
        reason = f.get("infeasible_reason")
        if reason:
            yield f"勘查结论为不具备条件（{reason}），请退回受理或终止，并书面答复客户"
        else:
            yield "勘查结论为不具备条件，须写明原因（infeasible_reason）再退回或终止"


@guard(
    "可开放容量够用",
    refuses="open_capacity_short",
    rule="A02",
    basis="勘查核线路、台区可开放容量（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(open_cap=50.0, approved_cap=float(f.data.get("approved_cap") or 0) + 100),
    mends=lambda f: set_form(open_cap=float(f.data.get("approved_cap") or 0) + 100),
)
def open_capacity_enough(f: Facts) -> Iterator[str]:
    """The point of supply can take the capacity that was found right."""
    free, wanted = f.data.get("open_cap"), f.data.get("approved_cap")
    if free is not None and wanted is not None and free < wanted:
        yield f"接入点可开放容量 {free:g} kVA 小于核定容量 {wanted:g} kVA，请改接入点或升级方案"


@guard(
    "自备、分布式电源已填处置和闭锁",
    refuses="own_source_unsecured",
    rule="G-ALL-13",
    basis="防倒送电（行业通例）",
    breaks=lambda f: set_form(own_source=True, own_source_interlock="9"),
    mends=lambda f: set_form(
        own_source=True, own_source_interlock="1", own_source_handling="双投刀闸机械闭锁"
    ),
)
def standby_interlocked(f: Facts) -> Iterator[str]:
    """A source of the customer's own cannot feed back into the grid."""
    if not f.data.get("own_source"):
        return
    if f.get("own_source_interlock") in NO_INTERLOCK:
        yield "客户有自备或分布式电源，须填闭锁方式（own_source_interlock），未装闭锁的先整改"
    if not f.get("own_source_handling"):
        yield "客户有自备或分布式电源，须填处置办法（own_source_handling）"


@guard(
    "发现违约用电、窃电已登记线索",
    refuses="violation_unreported",
    rule="A02",
    basis="勘查发现异常转用电检查（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(violation_found=True, violation_clue=None),
    mends=lambda f: set_form(violation_found=True, violation_clue=f"XS-{f.case}"),
)
def violation_reported(f: Facts) -> Iterator[str]:
    """What is found on site is handed to the inspectors, not settled there."""
    if f.data.get("violation_found") and not f.get("violation_clue"):
        yield "现场发现违约用电或窃电，须登记用电检查线索单号（violation_clue），不得私了"
