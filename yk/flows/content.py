"""What every entry of the manual must have, and how its texts are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from yk.flows.entries import STATEMENTS
from yk.flows.guards import guards
from yk.flows.places import Key, Place, archetype_places, extended, overlay_places
from yk.text import did_you_mean, halfwidth

SECTIONS = range(2, 5)
"""How many sections an entry has."""
LEAST = {
    "requirements": (1, "作业要求"),
    "procedure": (2, "作业内容及步骤"),
    "conduct": (1, "行为规范"),
    "risks": (1, "风险点"),
}
"""How many of each a section has at least."""
OWN_STATEMENTS, OWN_RISKS = 3, 1
"""What an entry says at least that its archetype does not."""
LONGEST = 120
"""Characters of a text."""

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
_HALF_WIDTH = re.compile(f"(?<={_HAN})[,;:!?()]|[,;:!?()](?={_HAN})")

Data = dict[str, Any]
Finding = tuple[Place, str, str]
"""Where, a stable code, what is wrong."""


def content_problems(flow: str, entries: dict[str, Data]) -> Iterator[Finding]:
    """What is wrong with the entries of a flow, which the strict loaders have accepted."""
    overlay, archetypes = overlay_places(flow), extended(flow)
    for code, entry in entries.items():
        name = archetypes[code]
        places = _Places(code, name, overlay | (archetype_places(name) if name else {}))
        yield from _amounts(entry, places)
        yield from _texts(entry, places)
        yield from _guards(entry, places)


def has_own_content(entry: Data) -> bool:
    """Does the entry say enough that its archetype does not?"""
    own = [
        item
        for section in entry["sections"]
        for kind in (*STATEMENTS, "risks")
        for item in section[kind]
        if item["own"]
    ]
    return len(own) >= OWN_STATEMENTS and sum("controls" in item for item in own) >= OWN_RISKS


class _Places:
    """Where the parts of one entry stand: in its overlay, or in the archetype."""

    def __init__(self, code: str, archetype: str, written: dict[Key, Place]) -> None:
        self._code, self._archetype, self._written = code, archetype, written

    def entry(self) -> Place:
        """Where the entry begins."""
        return self._written[(self._code,)]

    def section(self, section: Data) -> Place:
        """Where the overlay speaks of a section, else where the entry begins."""
        return self._written.get((self._code, section["id"]), self.entry())

    def item(self, section: Data, kind: str, name: str) -> Place:
        """Where a statement, risk or control is written."""
        key = (section["id"], kind, name)
        return self._written.get((self._code, *key)) or self._written[(self._archetype, *key)]


def _amounts(entry: Data, places: _Places) -> Iterator[Finding]:
    """Sections, what each holds, and what the entry says of its own."""
    code, sections = entry["code"], entry["sections"]
    if len(sections) not in SECTIONS:
        wanted = f"{SECTIONS[0]} 到 {SECTIONS[-1]}"
        yield places.entry(), "section_count", f"{code} 有 {len(sections)} 个作业环节，应有 {wanted} 个"
    for section in sections:
        for kind, (least, name) in LEAST.items():
            if len(section[kind]) < least:
                message = f"{code} 的“{section['name']}”有 {len(section[kind])} 条{name}，至少要 {least} 条"
                yield places.section(section), f"{kind}_missing", message
    if not has_own_content(entry):
        message = f"{code} 自己的内容不足：至少 {OWN_STATEMENTS} 条，其中风险点 {OWN_RISKS} 条，不能只照原型"
        yield places.entry(), "own_content_missing", message


def _texts(entry: Data, places: _Places) -> Iterator[Finding]:
    """How the texts are written, and that none stands twice."""
    seen: dict[str, Place] = {}
    for section in entry["sections"]:
        for kind, name, item in _items(section):
            place = places.item(section, kind, name)
            for text in (item["text"], item.get("check", "")):
                yield from ((place, code, message) for code, message in _style(text))
            before = seen.setdefault(_bare(item["text"]), place)
            if before != place:
                message = f"{entry['code']} 里这句话已写在 {before.file} 第 {before.line} 行：{item['text']}"
                yield place, "duplicate_text", message


def _guards(entry: Data, places: _Places) -> Iterator[Finding]:
    """Guards that controls name and the program does not have (any more)."""
    known = guards()
    for section in entry["sections"]:
        for kind, name, item in _items(section):
            if item.get("guard") and item["guard"] not in known:
                hint = did_you_mean(item["guard"], known)
                yield (
                    places.item(section, kind, name),
                    "unknown_guard",
                    f"没有 {item['guard']} 这个守卫。{hint}",
                )


def _items(section: Data) -> Iterator[tuple[str, str, Data]]:
    """(kind, id within the section, item) of every statement, risk and control."""
    for kind in STATEMENTS:
        for item in section[kind]:
            yield kind, item["id"], item
    for risk in section["risks"]:
        name = risk["id"].rpartition(".")[2]
        yield "risks", name, risk
        for control in risk["controls"]:
            yield "controls", f"{name}.{control['id'].rpartition('.')[2]}", control


def _style(text: str) -> Iterator[tuple[str, str]]:
    if found := _HALF_WIDTH.search(text):
        yield "half_width", f"中文里用了半角 {found.group()}，改成全角：{text}"
    if text.endswith(("。", ".")):
        yield "trailing_stop", f"句末不写句号：{text}"
    if len(text) > LONGEST:
        yield "text_too_long", f"一条 {len(text)} 字，最多 {LONGEST} 字：{text[:20]}…"


def _bare(text: str) -> str:
    return "".join(halfwidth(text).split())
