"""What the book consists of: a chapter for every flow of the contents, with the entries that are written."""

from __future__ import annotations

from typing import Any, NamedTuple

from yk.flows.catalogue import PREFIX, Listing, catalogue
from yk.flows.definition import risk_level
from yk.flows.entries import entries_of
from yk.flows.flow import Flow, flow_ids, load
from yk.flows.origins import EXPLANATION
from yk.flows.roles import roles

TITLE = "供电企业营销业务作业规范"
SECTION_COLUMNS = ("作业环节", "作业要求", "作业内容及步骤", "行为规范", "风险点", "预控措施")
"""The six columns of the printed manual."""
NOTES = (
    EXPLANATION,
    "风险等级：可能性（1 至 5）乘后果（1 至 5），12 以上为高，6 以上为中，其余为低",
    "预控措施：〔系统〕由程序按事实判断，〔人工〕和〔管理〕由经办人回答括号里的问题；带 * 的必须通过才能往下办",
)

Data = dict[str, Any]


class Chapter(NamedTuple):
    """A flow: its entries as listed, those written by code, and its definition when there is one."""

    flow: str
    name: str
    listings: tuple[Listing, ...]
    entries: dict[str, Data]
    definition: Flow | None

    @property
    def codes(self) -> str:
        """`YXZY-YY-334 至 338`."""
        first, last = (item.code.removeprefix(PREFIX) for item in (self.listings[0], self.listings[-1]))
        return f"{PREFIX}{first}" + (f" 至 {last}" if last != first else "")


def chapters() -> list[Chapter]:
    """Every chapter in printed order."""
    listed: dict[str, list[Listing]] = {}
    for item in catalogue().values():
        listed.setdefault(item.flow, []).append(item)
    defined = set(flow_ids())
    return [
        Chapter(
            flow, items[0].flow_name, tuple(items), entries_of(flow), load(flow) if flow in defined else None
        )
        for flow, items in listed.items()
    ]


def summary(parts: list[Chapter]) -> str:
    """How many entries there are and how many are written."""
    total, written = sum(len(p.listings) for p in parts), sum(len(p.entries) for p in parts)
    return f"共 {len(parts)} 个流程、{total} 个作业项，已编写 {written} 个"


def duty(entry: Data) -> str:
    """The Chinese names of an entry's roles."""
    return "、".join(roles()[role].name for role in entry["roles"])


def misprint(item: Listing) -> str:
    """The printed title when it was corrected, else ''."""
    return f"原印：{item.printed_title}" if item.printed_title != item.title else ""


def level(risk: Data) -> str:
    """高, 中 or 低."""
    return risk_level(risk["likelihood"], risk["consequence"])


def asked(control: Data) -> str:
    """What a control asks: the question, or the guard that answers it."""
    from yk.flows.guards import guards

    guard = guards().get(control["guard"])
    return control["check"] or (guard.label if guard else control["guard"])


def short(ident: str) -> str:
    """`R1` or `R1.C2` of a public id."""
    return ".".join(part for part in ident.split(".") if part[0] in "RC" and part[1:].isdigit())
