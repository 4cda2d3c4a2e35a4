"""Guards before a new account is written: capacities, transformers and the reading section it will be read in."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.scheme import LOW_VOLTAGES


@guard(
    "合同、方案、验收容量相等",
    refuses="capacities_differ",
    rule="D-01",
    basis="大连数据质量核查办法 小七1.41、1.80、1.81",
    breaks=lambda f: set_form(contract_cap=float(f.data.get("scheme_cap") or 0) + 100),
    mends=lambda f: set_form(
        contract_cap=f.data.get("scheme_cap"),
        installed_cap=None if f.data.get("installed_cap") is None else f.data.get("scheme_cap"),
    ),
)
def capacities_agree(f: Facts) -> Iterator[str]:
    """What is signed for, what was approved and what stands there are one number."""
    scheme = f.data.get("scheme_cap")
    for label, name in (("合同容量", "contract_cap"), ("验收容量", "installed_cap")):
        value = f.data.get(name)
        if scheme is not None and value is not None and float(value) != float(scheme):
            yield f"{label} {float(value):g} kVA 与方案容量 {float(scheme):g} kVA 不等，查清改一致再归档"


def _transformers_cap(f: Facts) -> float:
    rows = f.data.get("new_transformers") or ()
    return sum(float(row.get("cap") or 0) * int(row.get("count") or 1) for row in rows)


def _one_transformer(f: Facts) -> Change:
    """A recipe: the transformers the voltage wants, adding up to the scheme."""
    low = f.get("scheme_volt") in LOW_VOLTAGES
    row = {"model": "S13", "cap": f.data.get("scheme_cap") or f.data.get("approved_cap"), "count": 1}
    return set_form(new_transformers=None if low else [row])


@guard(
    "变压器记录与供电电压、容量相符",
    refuses="transformers_unrecorded",
    rule="D-03",
    basis="大连数据质量核查办法 大一1.1.5、1.1.6",
    breaks=lambda f: set_form(
        new_transformers=[{"model": "S13", "cap": float(f.data.get("scheme_cap") or 0) + 50, "count": 1}]
    ),
    mends=_one_transformer,
)
def transformers_recorded(f: Facts) -> Iterator[str]:
    """High voltage has transformers that add up to the scheme; low voltage has none."""
    total, scheme = _transformers_cap(f), float(f.data.get("scheme_cap") or 0)
    if f.get("scheme_volt") in LOW_VOLTAGES:
        if total:
            yield f"低压供电不建变压器，却登记了 {total:g} kVA，请删去变压器配置（new_transformers）"
    elif not total:
        yield "高压供电没有变压器记录（new_transformers），登记型号、容量、台数再归档"
    elif total != scheme:
        yield f"变压器合计 {total:g} kVA 与方案容量 {scheme:g} kVA 不等，请核对铭牌"


@guard(
    "抄表段和顺序号已定",
    refuses="reading_section_missing",
    rule="D-12",
    basis="大连数据质量核查办法 小七1.8-1.12、4.09",
    reads=("sections",),
    breaks=lambda f: set_form(sect_no=f"无{f.case}"[:16], read_seq=1),
    mends=lambda f: Change(
        put=(("reading_section", {"sect_no": f"S{f.case}", "org_no": f.data.get("org_no"), "read_day": 2}),),
        form={"sect_no": f"S{f.case}", "read_seq": 1},
    ),
)
def reading_section_assigned(f: Facts) -> Iterator[str]:
    """A new account is read in a section of its own unit, at a place in it."""
    number = f.get("sect_no")
    section = next((row for row in f.rows("sections") if row.get("sect_no") == number), None)
    if section is None:
        yield f"抄表段 {number or '（空）'} 不在抄表段台账里，请选本单位的抄表段（sect_no）"
    elif f.get("org_no") and section.get("org_no") != f.get("org_no"):
        yield f"抄表段 {number} 属供电单位 {section.get('org_no')}，本户属 {f.get('org_no')}，请改选"
    if f.data.get("read_seq") is None:
        yield "抄表顺序号（read_seq）空着，排好顺序号再归档"
