"""Guards about putting back what stood still: reductions restored, suspensions resumed, swaps undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_between, days_on, months_on
from yk.flows.facts import Facts, Row
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.works import GOOD
from yk.flows.stopping import SHORTEST_DAYS, charge_of_short_stop
from yk.flows.units import (
    REDUCED,
    STOPPED,
    SUSPENDED,
    capacity_after,
    open_stoppages,
    plate,
    table,
    units,
)


def stopped_units(f: Facts) -> dict[str, Row]:
    """The account's transformers that stand still, by id."""
    return {name: row for name, row in units(f).items() if row.get("run_status") == STOPPED}


def _back(f: Facts) -> list[Row]:
    """The transformers that are to come back, as the ledger has them."""
    known = stopped_units(f)
    names = [str(row.get("tran_id")) for row in table(f, "restored")]
    return [known[name] for name in names if name in known]


def _returning(f: Facts, rows: list[dict[str, Any]]) -> Change:
    """A recipe: these units come back, and the capacity says so."""
    return set_form(restored=rows, apply_cap=capacity_after(f.filled(restored=rows)))


def _all_back(f: Facts) -> Change:
    return _returning(f, [{"tran_id": name} for name in sorted(stopped_units(f))])


def _day_back(f: Facts) -> str:
    return f.get("unsealed_on") or f.get("wish_date") or f.today


def _off_record(f: Facts, kind: str) -> list[str]:
    """Units that are to come back, but were not stopped by a stoppage of this kind."""
    recorded = {str(row["tran_id"]) for row in open_stoppages(f, kind) if row.get("tran_id")}
    asked = (str(row.get("tran_id")) for row in table(f, "restored"))
    return [name for name in asked if recorded and name not in recorded]


def _reopened(f: Facts, kind: str) -> Change:
    """A recipe: a stoppage of this kind is open again."""
    row = {
        "stop_id": f"9{f.case}",
        "cons_no": f.data.get("cons_no"),
        "kind": kind,
        "stop_date": days_on(f.today, -60),
        "planned_date": days_on(f.today, 300),
        "resumed_date": None,
    }
    return Change(put=(("stoppage", row),))


def _closed(f: Facts, kind: str) -> Change:
    return Change(
        put=tuple(
            ("stoppage", {"stop_id": row["stop_id"], "resumed_date": f.today})
            for row in open_stoppages(f, kind)
        )
    )


@guard(
    "有在期的减容记录",
    refuses="reduction_not_found",
    rule="G-JR-08",
    basis="供电营业规则(1996)第23条",
    reads=("stoppage",),
    breaks=lambda f: _closed(f, REDUCED),
    mends=lambda f: _reopened(f, REDUCED),
)
def reduction_on_file(f: Facts) -> Iterator[str]:
    """Only what was reduced for a time comes back."""
    if not open_stoppages(f, REDUCED):
        yield "本户没有未恢复的非永久性减容记录；永久性减容后要增加容量请办增容"
    for name in _off_record(f, REDUCED):
        yield f"变压器 {name} 不是因减容停用的，请按当初停用的业务恢复"


@guard(
    "有在期的暂停记录",
    refuses="suspension_not_found",
    rule="G-ZT-08",
    basis="供电营业规则(1996)第24条",
    reads=("stoppage",),
    breaks=lambda f: _closed(f, SUSPENDED),
    mends=lambda f: _reopened(f, SUSPENDED),
)
def suspension_on_file(f: Facts) -> Iterator[str]:
    """Only what was suspended is resumed."""
    if not open_stoppages(f, SUSPENDED):
        yield "本户没有未恢复的暂停记录，请核对是不是减容恢复（YXZY-YY-271）"
    for name in _off_record(f, SUSPENDED):
        yield f"变压器 {name} 不是因暂停停用的，请按当初停用的业务恢复"


@guard(
    "在减容保留期内",
    refuses="reduction_expired",
    rule="G-JR-08",
    basis="供电营业规则(1996)第23条",
    reads=("stoppage",),
    breaks=lambda f: set_form(wish_date=days_on(_kept_until(f), 1)),
    mends=lambda f: set_form(wish_date=_kept_until(f)),
)
def within_reduction_period(f: Facts) -> Iterator[str]:
    """The capacity is kept until the reduction ends; who asks later asks for a new connection or more capacity."""
    wished, kept = f.get("wish_date") or f.today, _kept_until(f)
    if wished > kept:
        yield f"减容保留到 {kept}，期望 {wished} 恢复已超过，请改办新装或增容"


def _kept_until(f: Facts) -> str:
    """The day until which the capacity of the oldest open reduction is kept."""
    days = [str(row["planned_date"]) for row in open_stoppages(f, REDUCED) if row.get("planned_date")]
    return min(days, default="9998-12-31")


@guard(
    "恢复的设备都在停用",
    refuses="unit_not_stopped",
    rule="G-JR-09、G-ZT-08",
    basis="供电营业规则(1996)第23、24条",
    reads=("transformer",),
    breaks=lambda f: _returning(f, [{"tran_id": "（台账外）"}]),
    mends=_all_back,
)
def restored_within_stopped(f: Facts) -> Iterator[str]:
    """What comes back stands still now; anything more would be an increase in disguise."""
    known, seen = units(f), set[str]()
    for row in table(f, "restored"):
        name = str(row.get("tran_id"))
        if name not in known:
            yield f"变压器 {name} 不在本户台账里，不能恢复；加设备请办增容"
        elif name not in stopped_units(f):
            yield f"变压器 {name} 现在不是停用状态，不用恢复"
        elif name in seen:
            yield f"变压器 {name} 填了两行，一台一行"
        seen.add(name)
    asked, left = f.data.get("apply_cap"), capacity_after(f)
    if asked is not None and seen and float(asked) != left:
        yield f"按恢复清单恢复后应为 {left:g} kVA，申请填的是 {float(asked):g} kVA"


@guard(
    "久停设备试验合格",
    refuses="idle_unit_untested",
    rule="G-JR-09",
    basis="停用半年以上投运前试验（行业通例）",
    confidence="中",
    reads=("transformer",),
    breaks=lambda f: _long_idle(f),
    mends=lambda f: set_form(idle_test_result=GOOD),
)
def long_idle_tested(f: Facts) -> Iterator[str]:
    """A unit that stood still for half a year is tested before it takes voltage."""
    months = int(f.settings["idle_test_months"])
    for row in _back(f):
        begun = str(row.get("stop_date") or "")
        if begun and months_on(begun, months) <= _day_back(f) and f.get("idle_test_result") != GOOD:
            yield f"变压器 {row['tran_id']} 自 {begun} 停用已满 {months} 个月，须有合格的试验结论（idle_test_result）"


def _long_idle(f: Facts) -> Change:
    name, row = next(iter(sorted(stopped_units(f).items())), ("", {}))
    return Change(
        put=(("transformer", {**row, "stop_date": "2020-01-01"}),) if name else (),
        form={"restored": [{"tran_id": name}], "idle_test_result": None},
    )


@guard(
    "封印与封停记录相符",
    refuses="seal_off_record",
    rule="A19、G-ZT-11",
    basis="供电营业规则(1996)第100条（擅自启用封存设备）",
    reads=("transformer",),
    breaks=lambda f: set_form(sealed=[{**row, "seal_no": "（不符）"} for row in _seals(f)]),
    mends=lambda f: set_form(sealed=_seals(f)),
)
def seals_match_record(f: Facts) -> Iterator[str]:
    """Every unit put back had the very seal on it that it was sealed with."""
    found = {str(row.get("tran_id")): row.get("seal_no") for row in table(f, "sealed")}
    for row in _back(f):
        name, wanted = str(row["tran_id"]), row.get("seal_no")
        if name not in found:
            yield f"变压器 {name} 没有登记启下的封印号（sealed）"
        elif wanted and found[name] != wanted:
            yield f"变压器 {name} 封停时封印号 {wanted}，现场是 {found[name]}，请停手转用电检查"


def _seals(f: Facts) -> list[dict[str, Any]]:
    rows = _back(f) or list(stopped_units(f).values())
    return [
        {"tran_id": row["tran_id"], "seal_no": row.get("seal_no") or f"FY{f.case}", "place": "高压侧开关"}
        for row in rows
    ]


@guard(
    "启封日对得上",
    refuses="unseal_day_wrong",
    rule="G-ZT-08",
    basis="供电营业规则(1996)第24条（启封日恢复计收）",
    reads=("transformer",),
    breaks=lambda f: set_form(unsealed_on=days_on(f.today, 1), unseal_day_reason=None),
    mends=lambda f: set_form(unsealed_on=f.today, unseal_day_reason="客户改约"),
)
def unseal_day_matches(f: Facts) -> Iterator[str]:
    """The day of unsealing is the day from which all is charged again: after the sealing, not in the future."""
    day, wished = f.get("unsealed_on"), f.get("wish_date")
    sealed = max((str(row.get("stop_date") or "") for row in _back(f)), default="")
    if day > f.today:
        yield f"启封日期 {day} 晚于今天，请按实际启封那天填"
    elif day and day < sealed:
        yield f"启封日期 {day} 早于封停日期 {sealed}，请改正"
    elif day and wished and day > wished and not f.get("unseal_day_reason"):
        yield f"约定 {wished} 恢复，{day} 才启封，须写明原因（unseal_day_reason）"


@guard(
    "短停的基本电费已补收",
    refuses="short_stop_uncharged",
    rule="G-ZT-09",
    basis="供电营业规则(1996)第24条；单价按省价（设置）",
    confidence="中",
    reads=("transformer",),
    breaks=lambda f: _short_stop(f),
    mends=lambda f: set_form(makeup_charge=makeup_due(f) or None),
)
def short_stop_charged(f: Facts) -> Iterator[str]:
    """What stood still for less than fifteen days is charged as if it had run."""
    due, given = makeup_due(f), float(f.data.get("makeup_charge") or 0)
    if due != given:
        wanted = f"应补收基本电费 {due:.2f} 元" if due else f"停用已满 {SHORTEST_DAYS} 日，不用补收"
        yield f"{wanted}，登记的是 {given:.2f} 元（makeup_charge），请改正"


def makeup_due(f: Facts) -> float:
    """The basic charge to be made up for units that are put back within fifteen days, yuan."""
    price, back = f.settings["capacity_price"], _day_back(f)
    return round(
        sum(
            charge_of_short_stop(plate(row), price, str(row["stop_date"]), back, f.rule_set)
            for row in _back(f)
            if row.get("stop_date") and days_between(str(row["stop_date"]), back) > 0
        ),
        2,
    )


def _short_stop(f: Facts) -> Change:
    name, row = next(iter(sorted(stopped_units(f).items())), ("", {}))
    day = days_on(_day_back(f), -10)
    return Change(
        put=(("transformer", {**row, "stop_date": day}),) if name else (),
        form={"restored": [{"tran_id": name}], "makeup_charge": None},
    )
