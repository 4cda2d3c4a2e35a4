"""What came of a work order, as a scenario expects it: where it ended, by which deeds, what it changed in the archive."""

from __future__ import annotations

from typing import Any

from yk.archive.dictionary import entities
from yk.scenario.anonymising import Anonymiser
from yk.scenario.extracting import Extract, Key
from yk.scenario.matching import fits
from yk.scenario.story import Story
from yk.scenario.words import chinese

Data = dict[str, Any]
_DEEDS = ("return", "fail", "sign", "suspend", "resume", "unlock", "stop", "take_back")
_TAKEN = ("曾用名", "欠费", "户名")
"""Words that mean something else than the entity in an expectation."""


def outcome(story: Story, extract: Extract, anonymous: Anonymiser) -> Data:
    """`那么`: 状态, 经过, and where it has changed anything 档案."""
    made: Data = {"状态": chinese("place", story.main.status), "经过": _history(story)}
    if archive := _changed(story, extract, anonymous):
        made["档案"] = archive
    return made


def _history(story: Story) -> list[str]:
    steps, told = story.flows[story.main.case].steps, []
    for event in story.events:
        if event.order.case == story.main.case and event.kind == "send":
            told.append(str(steps[event.data["from"][0]]["name"]))
        elif event.order.case == story.main.case and event.kind in _DEEDS:
            told.append(chinese("deed", event.kind))
    return told


def _changed(story: Story, extract: Extract, anonymous: Anonymiser) -> Data:
    """Account -> its fields and rows as the orders left them, where that is not as they were."""
    left: dict[Key, Data | None] = {}
    for image in story.images:
        key, after = (image["entity"], image["id"]), image["after"]
        left[key] = None if after is None else {**(left.get(key) or {}), **after}
    made: Data = {}
    for (entity, ident), row in left.items():
        before = extract.rows.get((entity, ident))
        account = str({**(before or {}), **(row or {})}.get("cons_no") or "")
        is_gone, kind = row is None, entities()[entity]
        changed = {name: value for name, value in (row or {}).items() if (before or {}).get(name) != value}
        if (
            not kind.owner
            or not account
            or not (changed or (is_gone and before))
            or (is_gone and entity == "customer")
        ):
            continue
        mine = made.setdefault(anonymous.text(account), {})
        shown = _shown(entity, changed, anonymous)
        if entity == "customer":
            mine |= shown
            continue
        named = {kind.fields[kind.key[0]].zh: anonymous.text(ident)} if len(kind.key) == 1 else {}
        rows = mine.setdefault(entity if kind.zh in _TAKEN else kind.zh, [])
        rows.append(named | ({"数": 0} if is_gone else shown))
    return made


def _shown(entity: str, row: Data, anonymous: Anonymiser) -> Data:
    """The fields of a row that can be expected as they are: a text like `~a` or 无 would mean something else."""
    fields = entities()[entity].fields
    return {
        fields[name].zh: value
        for name, value in anonymous.row(entity, row).items()
        if name != "cons_no" and (value is None or (fits(value, value) and not fits(value, f"{value}?")))
    }
