"""Guards about what was found on site and what is written at the end of a batch move (批量更改线路台区)."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.line_area import FINDINGS, RULE, SWITCHED, accounts, listed, rows_to_write, unit_finder

SOMEBODY = {"cons_no": "1016000001", "old_tg_no": "TG1", "new_tg_no": "TG2"}
"""A row of the list for recipes on an empty one."""


@guard(
    "清单逐户有核查结论",
    refuses="row_unchecked",
    rule="A02 批量更改线路台区",
    basis="沿线核户变关系，逐户打勾（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(partners=listed(f) or [SOMEBODY], row_checks=None),
    mends=lambda f: set_form(
        row_checks=[{"cons_no": r["cons_no"], "finding": SWITCHED, "method": "载波识别"} for r in listed(f)]
    ),
)
def every_row_checked(f: Facts) -> Iterator[str]:
    """Every account of the list was looked at; nobody else was."""
    on_list = [str(row["cons_no"]) for row in listed(f)]
    found = {str(row.get("cons_no")): row.get("finding") for row in f.data.get("row_checks") or ()}
    if open_ := [cons_no for cons_no in on_list if cons_no not in found]:
        yield f"还有 {len(open_)} 户没有核查结论：{'、'.join(open_[:10])}{'…' if len(open_) > 10 else ''}"
    for cons_no, finding in found.items():
        if cons_no not in on_list:
            yield f"核查记录里的户号 {cons_no} 不在清单上；清单外已切过来的户另补清单"
        elif finding not in FINDINGS:
            yield f"户号 {cons_no} 的核查结论“{finding}”不认识，只能写{'、'.join(FINDINGS)}"


@guard(
    "新旧台区切改示数齐",
    refuses="cutover_reading_missing",
    rule=f"{RULE}④",
    basis="切改日示数用于线损分段（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(partners=listed(f) or [SOMEBODY], cutover_readings=None),
    mends=lambda f: set_form(cutover_readings=[{"tg_no": tg_no, "reading": 1.0} for tg_no in _places(f)]),
)
def cutover_reading_taken(f: Facts) -> Iterator[str]:
    """The check meter of every area that loses or gains accounts was read at the moment of the switch."""
    read = {
        str(row.get("tg_no"))
        for row in f.data.get("cutover_readings") or ()
        if row.get("reading") is not None
    }
    if missing := [tg_no for tg_no in _places(f) if tg_no not in read]:
        yield f"台区 {'、'.join(missing)} 没有切改时刻的考核表示数（cutover_readings），线损没法分段"


def _places(f: Facts) -> list[str]:
    """The areas of the list, old and new."""
    return sorted(
        {str(row[name]) for row in listed(f) for name in ("old_tg_no", "new_tg_no") if row.get(name)}
    )


@guard(
    "待写入户数等于已切且未圈掉的户数",
    refuses="written_count_wrong",
    rule=f"{RULE}⑥",
    basis="批量变动逐户核数（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(written_count=len(rows_to_write(f)) + 1),
    mends=lambda f: set_form(written_count=len(rows_to_write(f))),
)
def only_switched_rows(f: Facts) -> Iterator[str]:
    """The archivist counts; the count is that of the accounts found switched over and not struck off."""
    counted, wanted = f.data.get("written_count"), len(rows_to_write(f))
    if counted is not None and int(counted) != wanted:
        yield (
            f"待写入填的是 {counted} 户，核查为“{SWITCHED}”且审批未圈掉的是 {wanted} 户"
            f"（清单 {len(listed(f))} 户），请对清再归档"
        )


@guard(
    "抄表段存在且部门相符",
    refuses="section_unfit",
    rule="D-12",
    basis="大连数据质量核查办法 小七1.8、1.9",
    reads=("partners", "lines", "areas", "sections"),
    breaks=lambda f: set_form(partners=[{**row, "new_sect_no": "S0"} for row in listed(f) or [SOMEBODY]]),
    mends=lambda f: _given_section(f),
)
def section_fits_office(f: Facts) -> Iterator[str]:
    """A new reading section is on the register and of the unit the account will belong to; another unit wants another section."""
    sections, known, unit_of = {str(s["sect_no"]): s for s in f.rows("sections")}, accounts(f), unit_finder(f)
    for row in listed(f):
        customer = known.get(str(row["cons_no"]), {}).get("customer") or {}
        unit = unit_of(row) or str(customer.get("org_no") or "")
        number = str(row.get("new_sect_no") or "")
        if number and number not in sections:
            yield f"户号 {row['cons_no']} 的新抄表段 {number} 不在抄表段表里，请改正"
        elif number and unit and sections[number].get("org_no") != unit:
            yield f"户号 {row['cons_no']} 的新抄表段 {number} 不属于新供电单位 {unit}，请改正"
        elif not number and unit and customer.get("org_no") not in (None, unit):
            yield f"户号 {row['cons_no']} 换了供电单位（{customer.get('org_no')} 到 {unit}），须填新抄表段"


def _given_section(f: Facts) -> Change:
    """A recipe: nobody changes the section, save who changes the unit: to a section made for that."""
    known, unit_of, rows, put = accounts(f), unit_finder(f), [], []
    for row in listed(f):
        unit = unit_of(row)
        here = (known.get(str(row["cons_no"]), {}).get("customer") or {}).get("org_no")
        moved = bool(unit) and here not in (None, unit)
        if moved:
            put.append(("reading_section", {"sect_no": f"S{unit}", "org_no": unit}))
        rows.append({**row, "new_sect_no": f"S{unit}" if moved else None})
    return Change(put=tuple(put), form={"partners": rows})
