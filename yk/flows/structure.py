"""What a flow document must be as a whole: ids that stand alone, ways that lead somewhere, nothing silently ignored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from yk import yamls
from yk.flows.facts import SOURCES
from yk.flows.particles import sources_of
from yk.text import did_you_mean

COMPLETED, STOPPED = "completed", "stopped"
END = "end"
"""As a target: the end of the group, or of the flow outside of groups."""
ENDS = {COMPLETED: "已归档", STOPPED: "已终止"}
OF_THE_MOMENT = ("now", "today", "office", "operator", "flow")
"""Where a field may be filled from besides the archive and the form."""

Data = dict[str, Any]
Chain = tuple[tuple[str, str], ...]
"""The groups a step stands in, outermost first: (group step, group)."""


def walk(steps: Iterable[Data]) -> Iterable[Data]:
    """Every step of a document, those inside groups included, in order; groups themselves too."""
    for step in steps:
        yield step
        for group in step.get("groups", ()):
            yield from walk(group["steps"])


def check(f: yamls.Fields, doc: Data, folder: Path) -> None:
    """Refuse a document that is wrong as a whole. Raises DefinitionError with the line of its part."""
    steps, form, materials = f.need("steps"), f.find("form"), f.find("materials")
    for code, message, hint in _wrong_steps(doc, folder):
        raise steps.error(code, message, hint)
    for code, message in _wrong_fields(doc):
        assert form is not None
        raise form.error(code, message)
    for code, message in _wrong_materials(doc):
        assert materials is not None
        raise materials.error(code, message)


def _wrong_steps(doc: Data, folder: Path) -> Iterator[tuple[str, str, str]]:
    chains = dict(_chains(doc["steps"], ()))
    every = [step["id"] for step in walk(doc["steps"])]
    every += [group["id"] for step in walk(doc["steps"]) for group in step.get("groups", ())]
    if twins := [*_twice(every), *(i for i in every if i in (*ENDS, END))]:
        yield "duplicate_id", f"环节编号重复或占用了终点名：{'、'.join(twins)}", ""
    if bad := [i for i in every if not i.replace("_", "").isalnum() or not i.isascii()]:
        yield "bad_id", f"环节编号只能用英文字母、数字和下划线：{'、'.join(bad)}", ""
    if "groups" in doc["steps"][0]:
        yield "bad_first", "第一个环节不能是并行组，先设一个受理类环节", ""
    if (first := doc["steps"][0]).get("when"):
        yield "bad_first", f"环节 {first['id']} 排在最前，总要进入，不能带 when", ""
    for step in walk(doc["steps"]):
        yield from _wrong_step(step, folder)
        yield from _wrong_ways(step, chains)


def _wrong_step(step: Data, folder: Path) -> Iterator[tuple[str, str, str]]:
    """What one step says that cannot be."""
    sign = step.get("sign")
    if sign:
        ids = [d["id"] for d in sign["departments"]]
        if twins := _twice(ids):
            yield "duplicate_id", f"会签 {step['id']} 的部门重复：{'、'.join(twins)}", ""
        if bad := [i for i in ids if not i.replace("_", "").replace("-", "").isalnum()]:
            yield "bad_id", f"会签部门的编号只能用文字、数字和连字符：{'、'.join(bad)}", ""
        for key in ("effects", "on_fail"):
            if step[key]:
                yield "sign_ignores", f"会签环节 {step['id']} 不办 {key}，写到它后面的环节", ""
    if twins := _twice(step.get("guards", ())):
        yield "duplicate_id", f"环节 {step['id']} 的守卫重复：{'、'.join(twins)}", ""
    if step.get("limit") and step["limit"]["working_days"] < 0:
        yield "out_of_range", f"环节 {step['id']} 的时限不能是负数", ""
    for flow in (step.get("sub_flow"), *(one["flow"] for one in step.get("opens", ()))):
        if flow and not (folder / f"{flow}.yaml").exists():
            known = sorted(path.stem for path in folder.glob("*.yaml"))
            yield "unknown_flow", f"环节 {step['id']} 的子流程 {flow} 不存在", did_you_mean(flow, known)


def _wrong_ways(step: Data, chains: dict[str, Chain]) -> Iterator[tuple[str, str, str]]:
    """Ways to nowhere, and ways out of a group that its fellow groups would not survive."""
    here = chains[step["id"]]
    for target, forward in _targets(step):
        ends = (*ENDS, END) if forward == "next" else ()
        if target not in chains and target not in ends:
            message = f"环节 {step['id']} 指向不存在的环节 {target}"
            yield "unknown_step", message, did_you_mean(target, chains)
            return
        there = chains.get(target, ())
        inside = target == END or there[: len(here)] == here
        shared = dict(here)
        beside = any(shared.get(together, group) != group for together, group in there)
        if (forward and not inside) or beside:
            message = f"环节 {step['id']} 在并行组里，不能直接到 {target}：别的组会被丢下，组末写 to: end"
            yield "leaves_group", message, ""


def _chains(steps: Iterable[Data], chain: Chain) -> Iterator[tuple[str, Chain]]:
    for step in steps:
        yield step["id"], chain
        for group in step.get("groups", ()):
            yield from _chains(group["steps"], (*chain, (step["id"], group["id"])))


def _targets(step: Data) -> Iterator[tuple[str, str]]:
    """(target, kind of forward way or '' for a way back)."""
    yield from ((way["to"], "next") for way in step["next"])
    yield from ((target, "") for target in step.get("back", ()))
    if step.get("on_fail"):
        yield step["on_fail"], "on_fail"
    if step.get("sign"):
        yield step["sign"]["arbitrate"], "arbitrate"


def _wrong_fields(doc: Data) -> Iterator[tuple[str, str]]:
    places = {s["id"] for s in walk(doc["steps"]) if "groups" not in s}
    names = [field["name"] for field in doc["form"]]
    if twins := _twice(names):
        yield "duplicate_id", f"字段重复：{'、'.join(twins)}"
    for field in doc["form"]:
        if field["step"] not in places:
            yield "unknown_step", f"字段 {field['name']} 的环节 {field['step']} 不存在"
        for source, column in sources_of(field):
            known = (
                names
                if source == "form"
                else [column]
                if source in SOURCES
                else []
                if source
                else OF_THE_MOMENT
            )
            if column not in known:
                yield "unknown_source", f"字段 {field['name']} 的来源 {field['from']} 不存在"
        columns = [column["name"] for column in field["columns"]]
        if twins := _twice(columns):
            yield "duplicate_id", f"字段 {field['name']} 的列重复：{'、'.join(twins)}"
        for column_ in field["columns"]:
            if strange := set(column_["product"]) - set(columns):
                message = f"字段 {field['name']} 的列 {column_['name']} 由不存在的列相乘："
                yield "unknown_column", message + "、".join(sorted(strange))


def _wrong_materials(doc: Data) -> Iterator[tuple[str, str]]:
    places = {s["id"] for s in walk(doc["steps"]) if "groups" not in s}
    if twins := _twice(material["code"] for material in doc["materials"]):
        yield "duplicate_id", f"材料重复：{'、'.join(twins)}"
    for material in doc["materials"]:
        for key, name in (("deferrable_until", "容缺环节"), ("step", "收取环节")):
            if material[key] and material[key] not in places:
                yield "unknown_step", f"材料 {material['code']} 的{name} {material[key]} 不存在"


def _twice(words: Iterable[str]) -> list[str]:
    return sorted(word for word, count in Counter(words).items() if count > 1)
