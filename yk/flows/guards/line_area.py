"""Guards about moving many accounts to another line and transformer area (批量更改线路台区).

The list is the form's table `partners`: cons_no, old_line_no, old_tg_no, new_line_no, new_tg_no, new_sect_no. Every guard
goes through the whole list, so that a refusal names every account that must be taken off or put right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.account import CHANGING, CLOSED, NEW
from yk.flows.guards.application import set_form
from yk.flows.tariffs import volts

Row = dict[str, Any]
RUNNING, PUBLIC, PRIVATE = "01", "01", "02"
"""State of a line or an area (run_status); whose transformer it is (pub_priv)."""
SWITCHED, FINDINGS = "已切", ("已切", "未切", "切错")
"""What the survey finds of an account."""
RULE = "flows 27 校验"


def listed(f: Facts) -> list[Row]:
    """The rows of the list."""
    return [dict(row) for row in f.data.get("partners") or ()]


def accounts(f: Facts) -> dict[str, Mapping[str, Any]]:
    """What the archive knows of the listed accounts, by number."""
    return {str(partner["cons_no"]): partner for partner in f.rows("partners")}


def source_before(partner: Mapping[str, Any], row: Row) -> Mapping[str, Any] | None:
    """The power source of an account that hangs where the list says it hung."""
    wanted = (row.get("old_line_no") or "", row.get("old_tg_no") or "")
    sources = partner.get("power_source") or ()
    return next((s for s in sources if (s.get("line_id") or "", s.get("station_id") or "") == wanted), None)


def rows_to_write(f: Facts) -> list[Row]:
    """The accounts that were found switched over and that nobody struck off."""
    found = {str(row.get("cons_no")): row.get("finding") for row in f.data.get("row_checks") or ()}
    struck = {str(row.get("cons_no")) for row in f.data.get("struck") or ()}
    return [
        r for r in listed(f) if found.get(str(r["cons_no"])) == SWITCHED and str(r["cons_no"]) not in struck
    ]


def unit_finder(f: Facts) -> Callable[[Row], str]:
    """Finds the unit of a row's new area, of its new line where there is no area; '' when neither is known."""
    areas = {str(a["tg_no"]): str(a.get("org_no") or "") for a in f.rows("areas")}
    lines = {str(a["line_no"]): str(a.get("org_no") or "") for a in f.rows("lines")}

    def unit_of(row: Row) -> str:
        found = areas.get(str(row.get("new_tg_no")))
        return lines.get(str(row.get("new_line_no")), "") if found is None else found

    return unit_of


def staged(f: Facts, **values: Any) -> Change:
    """A recipe: the list with `values` in its first row; a list and a world for it where there is none."""
    if rows := listed(f):
        return set_form(partners=[{**rows[0], **values}, *rows[1:]])
    cons_no, line, area = f"8{f.case[3:]:0>9}", f"L{f.case}", f"TG{f.case}"
    row = {"cons_no": cons_no, "old_line_no": line, "old_tg_no": area, "new_line_no": line, "new_tg_no": area}
    unit = {"org_no": "99401"}
    world = (
        ("customer", {"cons_no": cons_no, "volt_code": "AC03802", "status": "0", **unit}),
        ("power_source", {"ps_id": f"PS{cons_no}", "cons_no": cons_no, "line_id": line, "station_id": area}),
        ("line", {"line_no": line, "volt_code": "AC00101", "status": RUNNING, **unit}),
        ("transformer_area", {"tg_no": area, "line_no": line, "status": RUNNING, "pub_priv": PUBLIC, **unit}),
    )
    return Change(put=world, form={"partners": [{**row, **values}]})


@guard(
    "切改已经实施",
    refuses="not_cut_over",
    rule=f"{RULE}④",
    basis="先有电网异动、后改档案（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(cutover_at=f"{days_on(f.today, 3)}T06:00:00+08:00"),
    mends=lambda f: set_form(cutover_at=f"{days_on(f.today, -1)}T06:00:00+08:00"),
)
def cutover_done(f: Facts) -> Iterator[str]:
    """The archive follows the grid, it does not go before."""
    at = f.get("cutover_at")
    if at and at[:16] > f.now[:16]:
        yield f"切改时刻 {at[:16].replace('T', ' ')} 还没到，线没切过去，档案不先改；切完再受理"


@guard(
    "清单里的户都能改",
    refuses="row_not_free",
    rule="G-ALL-03、G-ALL-04",
    basis="营销系统档案锁（行业通例）；批量类逐户剔出",
    reads=("partners",),
    breaks=lambda f: set_form(partners=[*listed(f), {"cons_no": "9999999999"}]),
    mends=lambda f: set_form(
        partners=[r for r in listed(f) if accounts(f).get(str(r["cons_no"]), {}).get("customer")]
    ),
)
def rows_free_to_change(f: Facts) -> Iterator[str]:
    """Unknown, closed and busy accounts come off the list, each by name; they do not hold the others up."""
    known = accounts(f)
    for place, row in enumerate(listed(f), start=1):
        cons_no, number = str(row["cons_no"]), row.get("line") or place
        partner = known.get(cons_no, {})
        status = (partner.get("customer") or {}).get("status")
        if not partner.get("customer"):
            yield f"第 {number} 行户号 {cons_no} 不在档案里，请剔出"
        elif status == CLOSED:
            yield f"第 {number} 行户号 {cons_no} 已销户，请剔出"
        elif partner["orders"]:
            yield f"第 {number} 行户号 {cons_no} 有在途工单 {partner['orders'][0]['case']}，请剔出，办结后另报"
        elif status in (NEW, CHANGING):
            yield f"第 {number} 行户号 {cons_no} 的档案被别的业务锁着，请剔出，办结后另报"


@guard(
    "一户只落一个新台区",
    refuses="row_twice",
    rule=f"{RULE}②",
    basis="一户只属一个台区（行业通例）",
    breaks=lambda f: set_form(partners=[*(rows := listed(f) or [{"cons_no": "1016000001"}]), rows[0]]),
    mends=lambda f: set_form(partners=list({str(row["cons_no"]): row for row in listed(f)}.values())),
)
def one_area_per_customer(f: Facts) -> Iterator[str]:
    """Nobody stands on the list twice."""
    for cons_no, times in Counter(str(row["cons_no"]) for row in listed(f)).items():
        if times > 1:
            yield f"户号 {cons_no} 在清单里有 {times} 行，一户只能落一个新台区，请核对后留一行"


@guard(
    "清单的原线路台区与档案一致",
    refuses="old_area_wrong",
    rule=f"{RULE}⑥",
    basis="切改前后清单与档案核对（行业通例）",
    confidence="中",
    reads=("partners",),
    breaks=lambda f: staged(f, old_tg_no="TG0"),
    mends=lambda f: set_form(partners=[_as_filed(f, row) for row in listed(f)]),
)
def old_area_matches(f: Facts) -> Iterator[str]:
    """An account that does not hang where the list says is asked about before anybody moves it."""
    known = accounts(f)
    for row in listed(f):
        partner = known.get(str(row["cons_no"]), {})
        if partner.get("customer") and source_before(partner, row) is None:
            filed = "、".join(
                f"{s.get('line_id') or '无线路'}/{s.get('station_id') or '无台区'}"
                for s in partner["power_source"]
            )
            yield (
                f"户号 {row['cons_no']} 清单写的原归属 {row.get('old_line_no') or '无线路'}/{row.get('old_tg_no') or '无台区'}，"
                f"档案是 {filed or '（没有电源）'}，问明后改正或剔出"
            )


def _as_filed(f: Facts, row: Row) -> Row:
    """The row with the line and the area that the archive has."""
    sources = accounts(f).get(str(row["cons_no"]), {}).get("power_source") or [{}]
    return {**row, "old_line_no": sources[0].get("line_id"), "old_tg_no": sources[0].get("station_id")}


@guard(
    "新台区在用且属于新线路",
    refuses="area_off_line",
    rule=f"{RULE}①",
    basis="大连数据质量核查办法第十条（线路、台区基础表）",
    reads=("partners", "lines", "areas"),
    breaks=lambda f: staged(f, new_tg_no="TG0"),
    mends=lambda f: set_form(
        partners=[
            {**r, "new_line_no": r.get("old_line_no"), "new_tg_no": r.get("old_tg_no")} for r in listed(f)
        ]
    ),
)
def area_on_line(f: Facts) -> Iterator[str]:
    """Line and area are on the register, in use, and belong together."""
    lines = {str(line["line_no"]): line for line in f.rows("lines")}
    areas = {str(area["tg_no"]): area for area in f.rows("areas")}
    for row in listed(f):
        who, line_no, tg_no = (
            f"户号 {row['cons_no']}",
            str(row.get("new_line_no") or ""),
            str(row.get("new_tg_no") or ""),
        )
        line, area = lines.get(line_no), areas.get(tg_no)
        if line is None or line.get("status") != RUNNING:
            yield f"{who} 的新线路 {line_no or '（空）'} 不在台账或未投运，请先建好线路"
        if tg_no and (area is None or area.get("status") != RUNNING):
            yield f"{who} 的新台区 {tg_no} 不在台账或未投运，请先建好台区"
        elif area is not None and area.get("line_no") != line_no:
            yield f"{who} 的新台区 {tg_no} 属于线路 {area.get('line_no')}，不属于所填的 {line_no or '（空）'}，请核对线变关系"


@guard(
    "户的电压与台区、线路相配",
    refuses="voltage_off_area",
    rule=f"{RULE}③",
    basis="用户电压与台区匹配（行业通例）",
    confidence="中",
    reads=("partners", "lines", "areas"),
    breaks=lambda f: _private(f),
    mends=lambda f: Change(
        put=tuple(
            ("transformer_area", {"tg_no": area["tg_no"], "pub_priv": PUBLIC}) for area in f.rows("areas")
        )
    ),
)
def voltage_fits_area(f: Facts) -> Iterator[str]:
    """Low voltage hangs on a public transformer; high voltage on a line of its own voltage, on no public transformer."""
    known = accounts(f)
    lines = {str(line["line_no"]): line for line in f.rows("lines")}
    areas = {str(area["tg_no"]): area for area in f.rows("areas")}
    for row in listed(f):
        customer = known.get(str(row["cons_no"]), {}).get("customer") or {}
        volt = str(customer.get("volt_code") or "")
        area, line = areas.get(str(row.get("new_tg_no") or "")), lines.get(str(row.get("new_line_no") or ""))
        if not volt:
            continue
        if volts(volt) < 1000:
            if not row.get("new_tg_no") or (area is not None and area.get("pub_priv") == PRIVATE):
                yield f"户号 {row['cons_no']} 是低压户，新台区须是公变台区，请改正"
        elif area is not None and area.get("pub_priv") == PUBLIC:
            yield f"户号 {row['cons_no']} 是高压户，不能挂公变台区 {row['new_tg_no']}，请改正"
        elif line is not None and line.get("volt_code") != volt:
            yield f"户号 {row['cons_no']} 的供电电压与新线路 {row['new_line_no']} 的电压不同，请核对"


def _private(f: Facts) -> Change:
    """A recipe: the first account's new transformer is somebody's own."""
    made = staged(f)
    tg_no = made.form["partners"][0]["new_tg_no"]
    return Change(
        put=(*made.put, ("transformer_area", {"tg_no": tg_no, "pub_priv": PRIVATE})), form=made.form
    )
