"""What the screen 环节办理 says in words: its heading, what is missing, the manual's text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from yk.errors import UsageError
from yk.screens.step_data import Place, StepData
from yk.screens.widgets.prose import Piece
from yk.screens.words import LAMPS, left_text, said

_KINDS = {"guard": "系统判断", "control": "人工措施", "field": "必填", "material": "材料"}
_TONES = {"red": "bad", "yellow": "warn"}
_STATEMENTS = {"requirements": "作业要求", "procedure": "作业内容及步骤", "conduct": "行为规范"}


def head_pieces(found: StepData, now: datetime) -> Iterator[Piece | str]:
    """Whose order it is and where it stands, in two lines or so."""
    customer = f"{found.customer} {found.name}".strip()
    yield (f"{found.flow_name}  {found.case}  {customer}".rstrip(), "title")
    if found.hold:
        yield (f"挂起：{found.hold}", "warn")
    if not found.places:
        yield (f"{found.status_name}，{found.opened} 登记", "faint")
        return
    here = found.place
    assert here is not None
    others = [one.name for one in found.places if one.id != here.id]
    beside = f"　同时在：{'、'.join(others)}" if others else ""
    yield (_standing(here, now, found.hold) + beside, _TONES.get(here.lamp, ""))
    if here.against:
        yield (f"只能看：{said(here.against[0])}", "warn")


def _standing(here: Place, now: datetime, held: str) -> str:
    parts = [f"❯ {here.name}", here.role]
    if here.due and held:
        parts.append("▹ 挂起，时限停走")
    elif here.due:
        sign, word, _ = LAMPS[here.lamp or "green"]
        parts.append(f"{sign} {word} {left_text(here.due, now)}")
    return "  ".join(parts)


def left_line(found: StepData) -> Piece:
    """What is still missing, by kind; or that it can go."""
    if not found.places:
        return (f"工单{found.status_name}", "faint")
    if found.status == "suspended":
        return ("工单挂起，先恢复再办（o 更多）", "warn")
    waiting = [name for _, name, opinion in found.signs if not opinion]
    if found.signs and not found.open_items:
        return (f"等 {'、'.join(waiting)} 会签：f9 签署" if waiting else "会签已齐", "good")
    if not found.open_items:
        return ("检查项已齐，f9 发送", "good")
    counted = Counter(item["kind"] for item in found.open_items)
    kinds = "、".join(f"{name} {counted[kind]}" for kind, name in _KINDS.items() if counted[kind])
    return (f"还差 {len(found.open_items)} 项：{kinds}", "warn")


def manual_pieces(entry: str) -> list[Piece | str]:
    """The manual's text of a step: sections, their requirements, steps, conduct, risks with controls."""
    from yk.flows.reader import entry_in_full

    if not entry:
        return [("这个环节没有手册条目", "faint")]
    try:
        found = entry_in_full(entry)
    except UsageError as error:
        return [(said(error.message), "faint")]
    pieces: list[Piece | str] = [(f"{found['code']} {found['title']}", "title")]
    for section in found["sections"]:
        pieces += ["", (f"{section['no']}　{section['name']}", "title"), *_section(section)]
    return pieces


def _section(section: dict[str, Any]) -> Iterator[Piece | str]:
    for kind, name in _STATEMENTS.items():
        if section[kind]:
            yield (name, "faint")
            for number, item in enumerate(section[kind], start=1):
                yield f"  {number}. {item['text']}{item['mark']}"
    for risk in section["risks"]:
        yield (f"  ! 风险{risk['level']}　{risk['text']}", "warn")
        for control in risk["controls"]:
            yield f"    ▸ {control['text']}"
