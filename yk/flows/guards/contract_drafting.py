"""Guards about drafting a supply contract: the model text, what its terms are taken from, boundaries, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.contract import ENDED
from yk.flows.guards.scheme import LOW_VOLTAGES

HIGH_VOLTAGE = "01"
"""Contract kind of high-voltage customers (code list contract_kind)."""
RESIDENT = "03"
NEVER_SIGNED, LOST = "1", "2"
"""Why a contract is signed afterwards (code list supplement_cause)."""
_BASIS = {
    "application_no": "用电申请",
    "scheme_reply_no": "批复的供电方案",
    "completion_on": "竣工检验报告",
    "metering_on": "计量装置安装完工报告",
    "maintenance_no": "设施运行维护管理协议",
}
"""What a new contract rests on (R96 art. 92): field -> paper."""
_WORKS = ("completion_on", "metering_on")
"""What of it is there only when the works are done."""


@condition(
    "合同改动了范本条款", yes=lambda f: set_form(nonstandard=True), no=lambda f: set_form(nonstandard=False)
)
def contract_nonstandard(f: Facts) -> bool:
    """The model text was changed somewhere."""
    return bool(f.data.get("nonstandard"))


@guard(
    "范本在用且与用户类型相配",
    refuses="template_wrong",
    rule="G-HT-03",
    basis="供电营业规则(1996)第92、93条",
    breaks=lambda f: set_form(template_end=days_on(f.today, -1)),
    mends=lambda f: set_form(template_kind=f.data.get("contract_kind"), template_end=None),
)
def template_current(f: Facts) -> Iterator[str]:
    """The model text is one for this kind of contract, fits the voltage and is not withdrawn."""
    kind, model, end = f.get("contract_kind"), f.get("template_kind"), f.get("template_end")
    if kind and model and kind != model:
        yield f"范本是{name_of('contract_kind', model)}的，本合同是{name_of('contract_kind', kind)}，请换范本"
    if end and end < f.today:
        yield f"范本 {f.get('template_no')} 已于 {end} 停用，请选现行版本"
    if kind == HIGH_VOLTAGE and f.get("contract_volt") in LOW_VOLTAGES:
        yield f"供电电压为{name_of('volt', f.get('contract_volt'))}，不能用高压供用电合同"


def _terms(f: Facts, more: float = 0.0) -> Change:
    """A recipe: the terms as they should be, the capacity so much larger."""
    terms = f.row("contract_terms")
    cap = 100.0 if terms["cap"] is None else float(terms["cap"])
    return set_form(contract_cap=cap + more, contract_volt=terms["volt"] or f.data.get("contract_volt"))


@guard(
    "合同容量、电压与来源一致",
    refuses="terms_off_source",
    rule="G-HT-02",
    basis="合同要素取自方案和档案（行业通例）",
    confidence="中",
    reads=("contract_terms",),
    breaks=lambda f: _terms(f, more=50.0),
    mends=_terms,
)
def contract_terms_match(f: Facts) -> Iterator[str]:
    """What the contract says of capacity and voltage is what was approved or what the archive holds."""
    terms = f.row("contract_terms")
    source, cap, volt = f"工单 {terms['case']}" if terms["case"] else "档案", terms["cap"], terms["volt"]
    drafted, written = f.data.get("contract_cap"), f.get("contract_volt")
    if cap is not None and drafted is not None and float(drafted) != float(cap):
        yield f"合同容量 {float(drafted):g} kVA 与{source}的 {float(cap):g} kVA 不一致，请核对后改正"
    if volt and written and written != volt:
        yield f"合同电压{name_of('volt', written)}与{source}的{name_of('volt', volt)}不一致，请核对后改正"


def boundary_rows(f: Facts) -> list[dict[str, Any]]:
    """The rows of the table of ownership boundaries: device, place, sketch_no."""
    return [dict(row) for row in f.data.get("boundaries") or ()]


def _boundaries(f: Facts, count: int) -> Change:
    """A recipe: so many boundaries, each described in full."""
    rows = (
        {"device": f"{n}号电源进线开关", "place": "下桩头", "sketch_no": f"T{f.case}-{n}"}
        for n in range(1, count + 1)
    )
    return set_form(boundaries=list(rows))


@guard(
    "产权分界三要素齐",
    refuses="boundary_vague",
    rule="C1",
    basis="产权分界须能落到设备（行业通例）；民法典第650条",
    confidence="中",
    breaks=lambda f: set_form(boundaries=[{**row, "sketch_no": None} for row in boundary_rows(f)]),
    mends=lambda f: _boundaries(f, max(1, len(boundary_rows(f)))),
)
def boundary_described(f: Facts) -> Iterator[str]:
    """Every boundary names device, place and sketch."""
    wanted = {"device": "设备编号", "place": "位置", "sketch_no": "示意图号"}
    for number, row in enumerate(boundary_rows(f), start=1):
        if lacking := [label for name, label in wanted.items() if not row.get(name)]:
            yield f"第 {number} 处产权分界没有{'、'.join(lacking)}，写到哪个设备哪个端子再提交"


@guard(
    "每路电源各有一条产权分界",
    refuses="boundary_missing",
    rule="C1",
    basis="多电源逐路约定分界（行业通例）",
    confidence="中",
    reads=("contract_terms",),
    breaks=lambda f: _boundaries(f, f.row("contract_terms")["sources"] - 1),
    mends=lambda f: _boundaries(f, f.row("contract_terms")["sources"]),
)
def boundary_per_source(f: Facts) -> Iterator[str]:
    """No source without a boundary of its own."""
    wanted, written = f.row("contract_terms")["sources"], len(boundary_rows(f))
    if written < wanted:
        yield f"本户有 {wanted} 路电源，只写了 {written} 条产权分界，请逐路写全"


@condition(
    "合同要全部签约依据",
    yes=lambda f: set_form(contract_kind="02", template_kind="02"),
    no=lambda f: set_form(contract_kind=RESIDENT, template_kind=RESIDENT),
)
def full_basis_wanted(f: Facts) -> bool:
    """Every contract but a resident's form contract rests on scheme, inspection and metering."""
    return f.get("contract_kind") != RESIDENT


@condition(
    "合同要完工依据",
    reads=("contract_terms",),
    yes=lambda f: set_form(contract_kind="02", template_kind="02"),
    no=lambda f: set_form(contract_kind=RESIDENT, template_kind=RESIDENT),
)
def works_basis_wanted(f: Facts) -> bool:
    """A contract that an order calls up is signed beside its works: inspection and metering follow at that order."""
    return full_basis_wanted(f) and not f.archive.get("contract_terms", {}).get("case")


@guard(
    "签约依据文件齐",
    refuses="signing_basis_missing",
    rule="G-HT-02",
    basis="供电营业规则(1996)第92条",
    reads=("contract_terms",),
    breaks=lambda f: set_form(contract_kind="02", template_kind="02", completion_on=days_on(f.today, 1)),
    mends=lambda f: set_form(
        **{name: f.today if name.endswith("_on") else f"{name[:2].upper()}{f.case}" for name in _BASIS}
    ),
)
def signing_basis_complete(f: Facts) -> Iterator[str]:
    """What a contract rests on is there and done: no inspection, no meter of tomorrow."""
    wanted = _BASIS if full_basis_wanted(f) else {"application_no": _BASIS["application_no"]}
    later = () if works_basis_wanted(f) else _WORKS
    if lacking := [label for name, label in wanted.items() if not f.get(name) and name not in later]:
        yield f"签约依据还缺：{'、'.join(lacking)}，收齐后再送审"
    for name in _WORKS:
        if name in wanted and f.get(name) and f.get(name) > f.today:
            yield f"{_BASIS[name]}的日期 {f.get(name)} 还没有到，完工后再送审"


@guard(
    "续签要素是本次起草重新取的",
    refuses="terms_stale",
    rule="G-HT-08",
    basis="续签须重核容量、用途（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(drafted_on=f.today, terms_taken_on=days_on(f.today, -1)),
    mends=lambda f: set_form(terms_taken_on=f.get("drafted_on") or f.today),
)
def terms_taken_anew(f: Facts) -> Iterator[str]:
    """A renewal does not copy the old contract: its terms are read anew from the archive."""
    taken, drafted = f.get("terms_taken_on"), f.get("drafted_on")
    if taken and drafted and taken < drafted:
        yield f"要素是 {taken} 取的，早于本次起草 {drafted}，请从档案重取"


@condition(
    "历史依据缺失",
    yes=lambda f: set_form(history_missing=True),
    no=lambda f: set_form(history_missing=False),
    field="history_missing",
)
def history_missing(f: Facts) -> bool:
    """The papers of the time when supply began are gone."""
    return bool(f.data.get("history_missing"))


def _running(f: Facts) -> list[dict[str, Any]]:
    """The account's contracts in force."""
    return [
        dict(row)
        for row in f.rows("contracts")
        if row.get("status") != ENDED and (row.get("end_date") or "9999") >= f.today
    ]


def _never_signed(f: Facts) -> Change:
    """A recipe: said never to have been signed, though there is a contract."""
    contract = {
        "contract_no": f"HT9{f.case}",
        "cons_no": f.row("customer").get("cons_no"),
        "status": "归档",
        "end_date": days_on(f.today, 900),
    }
    put = () if _running(f) else (("contract", contract),)
    return Change(form={"supplement_cause": NEVER_SIGNED}, put=put)


@guard(
    "确实没有在用合同，或原件丢失",
    refuses="contract_not_wanting",
    rule="G-HT-08",
    basis="大连数据质量核查办法第八条（应签未签）",
    reads=("contracts", "customer"),
    breaks=_never_signed,
    mends=lambda f: set_form(supplement_cause=LOST),
)
def contract_wanting(f: Facts) -> Iterator[str]:
    """Who has a contract changes or renews it; only one that is lost is signed again."""
    if f.get("supplement_cause") != NEVER_SIGNED:
        return
    for row in _running(f):
        yield (
            f"本户有在用合同 {row['contract_no']}，不是应签未签；要改条款办变更，到期办续签，原件没了选“原件丢失”"
        )


@guard(
    "补签有替代材料",
    refuses="substitute_missing",
    rule="G-HT-02",
    basis="补签须有替代材料清单（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(history_missing=True, substitute_papers=None),
    mends=lambda f: set_form(substitute_papers="近一年抄表和交费记录、现场核对单"),
)
def substitute_papers_given(f: Facts) -> Iterator[str]:
    """Where the old papers are gone, something else shows since when and with what the customer is supplied."""
    if f.data.get("history_missing") and not f.get("substitute_papers"):
        yield "历史依据已缺失，须列替代材料（substitute_papers），如抄表交费记录、现场核对单"


@guard(
    "补签写明追溯期",
    refuses="retroactive_clause_missing",
    rule="G-HT-08",
    basis="补签自补签日起生效，此前责任另写（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(supplied_since=days_on(f.today, -400), retroactive_clause=None),
    mends=lambda f: set_form(retroactive_clause="补签前的电费和责任按已发生的实际处理"),
)
def retroactive_clause_present(f: Facts) -> Iterator[str]:
    """A contract signed after supply began says what holds for the time before."""
    since = f.get("supplied_since")
    if since and since < f.today and not f.get("retroactive_clause"):
        yield f"本户 {since} 起已经用电，补签文本须写明此前的责任（retroactive_clause）"
