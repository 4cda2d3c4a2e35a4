"""Guards of 档案管理功能授权: leave to correct the archive, limited by function, account and time, given to one person.

Form tables: `functions` {entity, field} and `partners` {cons_no} are what the leave is for, `corrections` (see
`yk.flows.guards.correcting`) what was done under it. `authorised_to` is an operator's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.archive.codes import name_of
from yk.archive.dictionary import entities
from yk.errors import UsageError
from yk.flows.change import Change
from yk.flows.corrections import parsed, shown, why_closed
from yk.flows.dates import days_between, days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.account import CHANGING
from yk.flows.guards.application import set_form
from yk.flows.guards.correcting import EXAMPLE, READS, corrections, place, row_meant
from yk.flows.guards.partnering import standing
from yk.flows.roles import roles

FLOW, MAINTENANCE = "archive_authorisation", "maintenance"
"""The flow, and the step under its leave."""
CORRECTOR = "unit_corrector"
"""The role of whoever corrects."""
RULE = "DL 第十二条2"
BASIS = "大连数据质量核查办法第十二条 2"
FUNCTION = {"entity": EXAMPLE["entity"], "field": EXAMPLE["field"]}


def _rows(f: Facts, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in f.data.get(table) or ()]


def functions(f: Facts) -> list[tuple[str, str]]:
    """The (entity, field) pairs that the leave is for."""
    return [(str(row.get("entity") or ""), str(row.get("field") or "")) for row in _rows(f, "functions")]


def accounts(f: Facts) -> list[str]:
    """The accounts that the leave is for."""
    return [str(row.get("cons_no") or "") for row in _rows(f, "partners")]


def lapsed(data: Mapping[str, Any], flow: str, at: Sequence[str], today: str) -> str:
    """Why leave that was given (the form of an order of `flow` that stands at `at`) is over; '' when it runs, was used
    up, or was never given."""
    until = str(data.get("authorised_until") or "")
    if flow != FLOW or MAINTENANCE not in at or not until or until >= today:
        return ""
    return f"档案维护授权 {until} 到期，自动收回"


def function_name(entity: str, field: str) -> str:
    """A function in words: 用电客户的用电地址; its id where the archive has no such field."""
    kind = entities().get(entity)
    known = kind.fields.get(field) if kind else None
    return f"{kind.zh}的{known.zh}" if kind and known else f"{entity}.{field}"


@guard(
    "申请的功能可以授权",
    refuses="function_not_grantable",
    rule=RULE,
    basis=f"{BASIS}（限功能）",
    confidence="中",
    breaks=lambda f: set_form(functions=[{"entity": "customer", "field": "status"}]),
    mends=lambda f: set_form(functions=[FUNCTION]),
)
def functions_grantable(f: Facts) -> Iterator[str]:
    """Leave is asked for fields that the archive has and that no business of its own changes, each once."""
    asked = functions(f)
    if f.data.get("functions") is not None and not asked:
        yield "没有写申请哪些功能（functions），每行一个数据类别和字段"
    for number, row in enumerate(_rows(f, "functions"), start=1):
        if why := why_closed(row):
            yield f"功能第 {number} 行：{why}"
    for entity, field in sorted({one for one in asked if asked.count(one) > 1}):
        yield f"功能 {function_name(entity, field)} 写了不止一次，留一行"


@guard(
    "申请的户号在册、不重复、属申请单位",
    refuses="account_not_grantable",
    rule=RULE,
    basis=f"{BASIS}（限户号）；第七条（订正本单位的数据）",
    confidence="中",
    reads=("partners",),
    breaks=lambda f: set_form(partners=[*_rows(f, "partners"), {"cons_no": "0000000000"}]),
    mends=lambda f: set_form(partners=[{"cons_no": p["cons_no"]} for p in f.rows("partners") if p["customer"]]),
)  # fmt: skip
def accounts_grantable(f: Facts) -> Iterator[str]:
    """Leave is asked for accounts that there are, each once, of the unit that asks; one without a unit goes to any."""
    asked, office = accounts(f), f.get("office")
    if f.data.get("partners") is not None and not asked:
        yield "没有写申请哪些户号（partners）"
    for cons_no in sorted({one for one in asked if asked.count(one) > 1}):
        yield f"户号 {cons_no} 写了不止一次，留一行"
    for partner in f.rows("partners"):
        unit = partner["customer"].get("org_no")
        if not partner["customer"]:
            yield f"户号 {partner['cons_no']} 档案里没有，请核对"
        elif unit and office and unit != office:
            names = [name_of("org", str(code)) for code in (unit, office)]
            yield f"用户 {partner['cons_no']} 属{names[0]}，不是申请单位{names[1]}的，请剔出"


@guard(
    "申请的期限在准许的天数以内",
    refuses="authorisation_wanted_wrong",
    rule=RULE,
    basis=f"{BASIS}（限时）",
    confidence="低",
    breaks=lambda f: set_form(wanted_until=days_on(f.today, -1)),
    mends=lambda f: set_form(wanted_until=days_on(f.today, int(f.settings["authorisation_days"]))),
)
def authorisation_wanted_fits(f: Facts) -> Iterator[str]:
    """Leave is asked for days to come, and not for longer than it may be given."""
    until, days = f.get("wanted_until"), int(f.settings["authorisation_days"])
    if until and until < f.today:
        yield f"申请用到 {until}，已过，请改到 {f.today} 或以后"
    elif until and days_between(f.today, until) > days:
        yield f"申请用到 {until}，超过 {days} 天，最晚 {days_on(f.today, days)}"


@guard(
    "授权不超过申请的期限",
    refuses="authorisation_beyond_request",
    rule=RULE,
    basis=f"{BASIS}（审批后授权）",
    confidence="中",
    breaks=lambda f: set_form(wanted_until=days_on(f.get("authorised_until"), -1)),
    mends=lambda f: set_form(wanted_until=f.get("authorised_until")),
)
def grant_within_request(f: Facts) -> Iterator[str]:
    """What is given is not more than what was asked for and approved."""
    until, wanted = f.get("authorised_until"), f.get("wanted_until")
    if until and wanted and until > wanted:
        yield f"授权到 {until}，申请只到 {wanted}，请缩短，或退回重新申请"


@guard(
    "授权给本单位的数据订正人员",
    refuses="grantee_unfit",
    rule=RULE,
    basis=f"{BASIS}；第七条（各单位订正）",
    confidence="中",
    reads=("operators",),
    breaks=lambda f: set_form(authorised_to="没有这个人"),
    mends=lambda f: set_form(authorised_to=next((str(one["operator"]) for one in _correctors(f)), "")),
)
def grantee_may_correct(f: Facts) -> Iterator[str]:
    """Leave is given to somebody who corrects data, at the unit that asked."""
    named, office = f.get("authorised_to"), f.get("office")
    person = next((one for one in f.rows("operators") if one["operator"] == named), None)
    if not named:
        return
    if person is None:
        yield f"没有 {named} 这个经办人，授权写经办人的编号"
    elif CORRECTOR not in person["roles"]:
        yield f"{person['name']}（{named}）没有{roles()[CORRECTOR].name}这个角色，不能授权给他"
    elif person.get("org") and office and person["org"] != office:
        yield f"{person['name']}（{named}）属{name_of('org', person['org'])}，不是申请单位{name_of('org', office)}的"


def _correctors(f: Facts) -> Iterator[Any]:
    """Those who may be given leave."""
    for one in f.rows("operators"):
        if CORRECTOR in one["roles"] and one.get("org") in (None, "", f.get("office")):
            yield one


@guard(
    "由被授权的人维护",
    refuses="not_authorised",
    rule=RULE,
    basis=f"{BASIS}（授权到人）",
    breaks=lambda f: set_form(authorised_to="另一个人"),
    mends=lambda f: set_form(authorised_to=f.operator),
)
def corrector_authorised(f: Facts) -> Iterator[str]:
    """Nobody but the person who was given leave writes under it."""
    if (named := f.get("authorised_to")) != f.operator:
        yield f"档案维护授权给了 {named or '（空）'}，不是 {f.operator}，由被授权的人办，或退回重新授权"


@guard(
    "只改授权的户号",
    refuses="account_not_granted",
    rule=RULE,
    basis=f"{BASIS}（限户号）",
    breaks=lambda f: set_form(partners=[{"cons_no": "0000000000"}]),
    mends=lambda f: set_form(partners=[{"cons_no": no} for no in dict.fromkeys(_corrected(f))]),
)
def correction_account_granted(f: Facts) -> Iterator[str]:
    """A correction is of an account that the leave names."""
    granted = accounts(f)
    for number, row in enumerate(corrections(f), start=1):
        if (cons_no := str(row.get("cons_no") or "（空）")) not in granted:
            yield f"第 {number} 行：用户 {cons_no} 不在授权的 {len(granted)} 户里，要改另行申请"


def _corrected(f: Facts) -> list[str]:
    return [str(row.get("cons_no") or "") for row in corrections(f)]


@guard(
    "只改授权的功能",
    refuses="function_not_granted",
    rule=RULE,
    basis=f"{BASIS}（限功能）",
    breaks=lambda f: set_form(functions=[{"entity": "contact", "field": "mobile"}]),
    mends=lambda f: set_form(functions=[{k: row.get(k) for k in FUNCTION} for row in corrections(f)]),
)
def correction_function_granted(f: Facts) -> Iterator[str]:
    """A correction is of a field that the leave names."""
    granted = functions(f)
    told = "、".join(function_name(*one) for one in granted)
    for number, row in enumerate(corrections(f), start=1):
        asked = str(row.get("entity") or ""), str(row.get("field") or "")
        if asked not in granted:
            yield f"第 {number} 行：没有授权改{function_name(*asked)}，授权的有{told}，要改另行申请"


@guard(
    "要改的户没有在途业务",
    refuses="corrected_account_busy",
    rule="G-ALL-03、G-ALL-04",
    basis="营销系统档案锁（行业通例）",
    reads=("partners",),
    breaks=lambda f: _status(f, CHANGING),
    mends=lambda f: _status(f, "0"),
)
def corrected_accounts_free(f: Facts) -> Iterator[str]:
    """An order on the way holds what it read of the account; nothing is corrected under it."""
    mine = _corrected(f)
    for partner in f.rows("partners"):
        if partner["cons_no"] in mine and partner["customer"]:
            yield from standing(f, partner)


def _status(f: Facts, status: str) -> Change:
    """A recipe: every account that is corrected in this state."""
    mine = _corrected(f)
    rows = [p["customer"] for p in f.rows("partners") if p["customer"] and p["cons_no"] in mine]
    return Change(put=tuple(("customer", {"cons_no": row["cons_no"], "status": status}) for row in rows))


@guard(
    "更正后的值还在档案里",
    refuses="correction_undone",
    rule=RULE,
    basis=f"{BASIS}；更正前后比对（行业通例）",
    confidence="低",
    reads=READS,
    level_setting="correction_compare_policy",
    breaks=lambda f: set_form(corrections=[{**row, "new_value": "另一个值"} for row in corrections(f)]),
    mends=lambda f: set_form(corrections=[{**row, "new_value": _now(f, row)} for row in corrections(f)]),
)
def corrections_stand(f: Facts) -> Iterator[str]:
    """Leave ends with a look at what was done under it: what was to be is what the archive has."""
    for number, row in enumerate(corrections(f), start=1):
        if row_meant(f, row) is None:
            yield f"{place(number, row)}：更正的记录已不在档案里，请说明"
            continue
        try:
            wanted = shown(parsed(row))
        except UsageError:
            wanted = shown(row.get("new_value"))
        if (now := _now(f, row)) != wanted:
            label = function_name(str(row["entity"]), str(row["field"]))
            yield f"{place(number, row)}：{label}应更正为“{wanted}”，现在是“{now}”，请查明是谁改的"


def _now(f: Facts, row: dict[str, Any]) -> str:
    """What the archive has now of the field that a correction is about."""
    return shown((row_meant(f, row) or {}).get(str(row.get("field"))))
