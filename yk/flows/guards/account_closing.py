"""Guards about closing an account: nothing runs any more, nothing hangs on it, everything is taken down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.dates import months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form

BANKRUPT, LONG_IDLE = "2", "3"
"""Codes of the reason of closing (code list close_reason)."""
IDLE_MONTHS = 6
"""Months without use after which an account may be closed by the supplier."""
WITHDRAWN = "04"
"""State of a metering point that is no more (code list mp_status)."""
CHECKING, FEEDING = ("02", "03", "12"), ("11",)
"""Uses of a metering point that others depend on: checking of lines and areas, feeding in (code list usage_type)."""
NO_RESALE = ("", "01")
"""Codes of supplying others (code list transfer_supply) that mean: nobody."""
LAW_1996, LAW_2024 = "供电营业规则(1996)第32条", "供电营业规则(2024)第35条"
Row = Mapping[str, Any]


def _cons_no(f: Facts) -> object:
    return f.row("customer").get("cons_no")


@guard(
    "全部容量停用",
    refuses="partly_running",
    rule="G-XH-01",
    basis=LAW_1996,
    reads=("customer",),
    breaks=lambda f: set_form(stop_cap=float(f.row("customer").get("contract_cap") or 2) / 2),
    mends=lambda f: set_form(stop_cap=f.row("customer").get("contract_cap")),
)
def whole_load_stopped(f: Facts) -> Iterator[str]:
    """An account is closed only when all of its capacity stands still."""
    whole, stopped = float(f.row("customer").get("contract_cap") or 0), f.data.get("stop_cap")
    if stopped is None:
        return
    if stopped < whole:
        yield (
            f"申请停用 {stopped:g} kVA，合同容量 {whole:g} kVA，还有 {whole - stopped:g} kVA 在用，"
            "没有全停不能销户；只停一部分请改办减容或暂停"
        )
    elif stopped > whole:
        yield f"申请停用 {stopped:g} kVA 大于合同容量 {whole:g} kVA，请核对"


@guard(
    "没有别的计量和用电挂在本户",
    refuses="others_depend",
    rule="G-XH-07",
    basis="考核、上网、转供关系先解除（行业通例）",
    reads=("customer", "metering_point"),
    breaks=lambda f: Change(put=(("customer", {"cons_no": _cons_no(f), "transfer_supply": "02"}),)),
    mends=lambda f: Change(
        put=(
            ("customer", {"cons_no": _cons_no(f), "transfer_supply": "01"}),
            *(("metering_point", {"mp_id": p["mp_id"], "status": WITHDRAWN}) for p in _depended(f)),
        )
    ),
)
def no_dependent_supply(f: Facts) -> Iterator[str]:
    """Checking meters, feeding-in points and supply to others are given up before."""
    yield from dependence(f.row("customer"), f.rows("metering_point"))


def _depended(f: Facts) -> list[Row]:
    return [p for p in f.rows("metering_point") if is_depended(p)]


def is_depended(point: Row) -> bool:
    """Does something beyond the account hang on this metering point?"""
    use = point.get("usage_type")
    return point.get("status") != WITHDRAWN and (use in CHECKING or use in FEEDING)


def dependence(customer: Row, points: Any) -> Iterator[str]:
    """What hangs on an account, one sentence each."""
    number = customer.get("cons_no")
    for point in points:
        if is_depended(point):
            use = name_of("usage_type", str(point["usage_type"]))
            yield f"用户 {number} 的计量点 {point['mp_id']} 是{use}，先解除关系再销户"
    if (customer.get("transfer_supply") or "") not in NO_RESALE:
        kind = name_of("transfer_supply", str(customer["transfer_supply"]))
        yield f"用户 {number} 登记为{kind}，先解除转供关系再销户"


@guard(
    "长期不用电已核查、公告期满",
    refuses="idle_not_announced",
    rule="G-XH-08",
    basis=f"供电营业规则(1996)第33条；{LAW_2024}",
    confidence="中",
    reads=("reading",),
    breaks=lambda f: set_form(close_reason=LONG_IDLE, idle_since=f.today, notice_from=f.today),
    mends=lambda f: set_form(close_reason="1", idle_objection=False),
)
def idle_closure_announced(f: Facts) -> Iterator[str]:
    """Six months of nothing used; since 2024 also a danger found on site and a month of public notice."""
    if f.get("close_reason") != LONG_IDLE:
        return
    since, notice = f.get("idle_since"), f.get("notice_from")
    if not since or months_on(since, IDLE_MONTHS) > f.today:
        yield f"停用起始日（idle_since）{since or '没有填'}，不满 {IDLE_MONTHS} 个月，不能按长期不用电销户"
    elif used := _used_since(f, since):
        yield f"停用起始日 {since} 之后还抄见电量（{'、'.join(used)}），不算连续不用电"
    if f.rule_set != "R24":
        return
    if not f.data.get("idle_hazard"):
        yield "现场没有核查出隐患或无法续用（idle_hazard），不能由供电方提出销户"
    if not notice or months_on(notice, 1) > f.today:
        yield f"公告起始日（notice_from）{notice or '没有填'}，公告不满一个月，期满再受理"


def _used_since(f: Facts, since: str) -> list[str]:
    """The months after `since` in which the meter moved."""
    first = int(since[:7].replace("-", "")) + 1
    moved = (
        row
        for row in f.rows("reading")
        if int(row.get("ym") or 0) >= first
        and float(row.get("this_num") or 0) > float(row.get("last_num") or 0)
    )
    return sorted({str(row["ym"]) for row in moved})


@guard(
    "公告期内没有异议",
    refuses="idle_objection",
    rule="G-XH-09",
    basis=LAW_2024,
    confidence="中",
    reads=("reading",),
    breaks=lambda f: Change(
        form={
            "close_reason": LONG_IDLE,
            "idle_since": months_on(f.today, -12),
            "notice_from": months_on(f.today, -2),
            "idle_hazard": True,
            "idle_objection": True,
        },
        drop=tuple(("reading", str(row["reading_id"])) for row in f.rows("reading")),
    ),
    mends=lambda f: set_form(idle_objection=False),
)
def no_idle_objection(f: Facts) -> Iterator[str]:
    """Whoever objects or uses power again keeps the account."""
    if f.get("close_reason") == LONG_IDLE and f.data.get("idle_objection"):
        yield "公告期内客户提出异议或恢复用电（idle_objection），本单请终止，不得销户"


@guard(
    "破产销户注明依法破产并附裁定",
    refuses="bankruptcy_unnoted",
    rule="G-XH-12",
    basis="NX 1.3.2.1.2；供电营业规则(1996)第36条",
    breaks=lambda f: set_form(close_reason=BANKRUPT, app_reason="关厂", court_ruling=None),
    mends=lambda f: set_form(
        close_reason=BANKRUPT, app_reason="依法破产", court_ruling="（2026）示破1号", idle_objection=False
    ),
)
def bankruptcy_noted(f: Facts) -> Iterator[str]:
    """Bankruptcy is written into the reason, with the court's ruling."""
    if f.get("close_reason") != BANKRUPT:
        return
    if "依法破产" not in f.get("app_reason"):
        written = f"现写的是“{f.get('app_reason')}”" if f.get("app_reason") else "现在空着"
        yield f"破产销户须在申请原因（app_reason）里写明“依法破产”，{written}"
    if not f.get("court_ruling"):
        yield "破产销户须填法院裁定文号（court_ruling）"


@guard(
    "违约用电、窃电案已结",
    refuses="violation_case_open",
    level_setting="violation_closing_policy",
    rule="G-ALL-05",
    basis="供电营业规则(1996)第66条精神；行业通例",
    confidence="中",
    reads=("customer", "violation"),
    breaks=lambda f: Change(
        put=(("violation", {"vio_id": f"VC{f.case}", "cons_no": _cons_no(f), "found_date": f.today}),)
    ),
    mends=lambda f: Change(
        put=tuple(("violation", {"vio_id": r["vio_id"], "closed_date": f.today}) for r in f.rows("violation"))
    ),
)
def violation_cases_closed(f: Facts) -> Iterator[str]:
    """Closing, transfer, split and merger wait until a breach or theft is settled."""
    for row in f.rows("violation"):
        yield f"违约用电或窃电记录 {row['vio_id']}（{row.get('found_date')} 发现）还没有结案，结案后再办{f.flow}"
