"""Guards about closing an account: nothing runs any more, nothing hangs on it, everything is taken down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.dates import months_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import fee_rows
from yk.flows.guards.metering import meter_rows

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
COMPENSATION = ("06", "计量装置赔偿费")
LAW_1996, LAW_2024 = "供电营业规则(1996)第32条", "供电营业规则(2024)第35条"
Row = Mapping[str, Any]


@condition(
    "有采集终端要拆",
    reads=("terminal", "customer"),
    yes=lambda f: Change(put=(("terminal", {"term_id": f"TM{f.case}", "cons_no": _cons_no(f)}),)),
    no=lambda f: Change(drop=tuple(("terminal", str(row["term_id"])) for row in f.rows("terminal"))),
)
def terminal_standing(f: Facts) -> bool:
    """A data terminal stands at the account."""
    return bool(f.rows("terminal"))


@condition(
    "有电能表要拆",
    reads=("meter", "customer"),
    yes=lambda f: Change(put=(_unlisted_meter(f),)),
    no=lambda f: Change(drop=tuple(("meter", str(row["meter_id"])) for row in f.rows("meter"))),
)
def meter_standing(f: Facts) -> bool:
    """A meter runs at the account."""
    return bool(f.rows("meter"))


def _cons_no(f: Facts) -> object:
    return f.row("customer").get("cons_no")


def _unlisted_meter(f: Facts) -> tuple[str, dict[str, Any]]:
    """A running meter that no work slip knows, for recipes."""
    return "meter", {"meter_id": f"MX{f.case}", "asset_id": f"AX{f.case}", "cons_no": _cons_no(f)}


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
        yield f"破产销户须在申请原因（app_reason）里写明“依法破产”，现写的是“{f.get('app_reason')}”"
    if not f.get("court_ruling"):
        yield "破产销户须填法院裁定文号（court_ruling）"


@guard(
    "违约用电、窃电案已结",
    refuses="violation_case_open",
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


def listed_assets(f: Facts, numbers: Iterator[object]) -> set[str]:
    """The ids of the assets with these numbers."""
    wanted = set(numbers)
    return {str(a["asset_id"]) for a in f.rows("assets") if a["asset_no"] in wanted}


def _not_removed(f: Facts) -> list[Row]:
    """Running meters without a row of removal that has a last reading."""
    taken = (r.get("old_asset_no") for r in meter_rows(f) if r.get("old_reading") is not None)
    ids = listed_assets(f, taken)
    return [meter for meter in f.rows("meter") if meter.get("asset_id") not in ids]


@guard(
    "在装的表都有拆表记录",
    refuses="meter_left",
    rule="G-XH-05",
    basis="拆表、拆终端、拆接户线全部完成（行业通例）",
    reads=("customer", "meter", "assets"),
    breaks=lambda f: Change(put=(_unlisted_meter(f),)),
    mends=lambda f: Change(drop=tuple(("meter", str(m["meter_id"])) for m in _not_removed(f))),
)
def every_meter_removed(f: Facts) -> Iterator[str]:
    """As many removals as running meters: none is left on the wall."""
    for meter in _not_removed(f):
        yield f"在装的电能表 {meter.get('asset_id')}（计量点 {meter.get('mp_id')}）还没有拆表记录和止度"


@guard(
    "拆表止度不小于上次示数",
    refuses="reading_backwards",
    rule="G-XH-04",
    basis="末次抄表核对（行业通例）",
    confidence="中",
    reads=("meter", "meter_register", "assets"),
    breaks=lambda f: set_form(meter_work=[{**row, "old_reading": -1.0} for row in meter_rows(f)]),
    mends=lambda f: set_form(
        meter_work=[{**row, "old_reading": _register(f, row.get("old_asset_no"))} for row in meter_rows(f)]
    ),
)
def final_reading_plausible(f: Facts) -> Iterator[str]:
    """A meter does not run backwards."""
    for row in meter_rows(f):
        last, given = _register(f, row.get("old_asset_no")), row.get("old_reading")
        if given is not None and float(given) < last:
            yield f"旧表 {row.get('old_asset_no')} 止度 {float(given):g} 小于上次示数 {last:g}，请核对照片重录"


def _register(f: Facts, asset_no: object) -> float:
    """The last known total of the running meter with this asset number, 0 when there is none."""
    ids = listed_assets(f, iter((asset_no,)))
    meters = {m["meter_id"] for m in f.rows("meter") if m.get("asset_id") in ids}
    return last_total(f.rows("meter_register"), meters)


def last_total(registers: Any, meters: Any) -> float:
    """The highest active total on the registers of these meters, kWh."""
    totals = (
        float(r.get("reading") or 0)
        for r in registers
        if r.get("meter_id") in meters and r.get("read_type") in (None, "11")
    )
    return max(totals, default=0.0)


@guard(
    "用户责任的损坏已列赔偿",
    refuses="damage_not_charged",
    rule="G-XH-03",
    basis=LAW_1996,
    breaks=lambda f: set_form(damage_by_user=True, fees=None, damage_waiver=None),
    mends=lambda f: set_form(damage_by_user=True, damage_waiver="责任不清，经批准不收"),
)
def damage_charged(f: Facts) -> Iterator[str]:
    """What the customer broke is charged, or a reason says why not."""
    charged = any(row.get("item") in COMPENSATION for row in fee_rows(f))
    if f.data.get("damage_by_user") and not charged and not f.get("damage_waiver"):
        yield "拆表登记为用户责任损坏，须列计量装置赔偿费，不收的写明理由（damage_waiver）"


@guard(
    "表和终端都已拆除",
    refuses="removal_incomplete",
    rule="G-XH-05",
    basis="拆表、拆终端、拆接户线全部完成（行业通例）",
    reads=("customer", "meter", "assets", "terminal"),
    breaks=lambda f: Change(put=(_unlisted_meter(f),)),
    mends=lambda f: Change(
        drop=tuple(("meter", str(m["meter_id"])) for m in _not_removed(f)),
        form={"terminal_off_on": f.get("terminal_off_on") or f.today, "last_frozen": True},
    ),
)
def removal_complete(f: Facts) -> Iterator[str]:
    """An account is closed in the archive only when nothing of ours stands there."""
    yield from every_meter_removed(f)
    for terminal in f.rows("terminal"):
        if not f.get("terminal_off_on"):
            yield f"采集终端 {terminal.get('asset_no') or terminal['term_id']} 还没有拆除记录"
