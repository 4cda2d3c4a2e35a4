"""How flows look to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.cli.app import App
from yk.cli.manual_page import bold, hung, width_of
from yk.flows.glyphs import readable

Data = Mapping[str, Any]


def demand(material: Data) -> str:
    """Must it be handed in?"""
    if material["forbidden"]:
        return "禁止收取"
    if material["required"]:
        return "必收"
    return f"{material['condition']}时必收" if material["condition"] else "可选"


def flow_page(app: App, flow: Data) -> str:
    """A flow: head, steps, materials."""
    width = width_of(app)
    lines = [bold(app, f"{flow['name']}（{flow['id']}）")]
    lines += hung("  类别  ", flow["category"], width)
    lines += hung("  出处  ", f"{flow['source']}，可信度{flow['confidence']}", width)
    lines += hung("  版本  ", flow["digest"], width)
    lines += hung("  受理前提  ", _labels(flow["opens_if"]), width)
    names = {step["id"]: step["name"] for step in flow["steps"]}
    names |= {fork["id"]: fork["name"] for fork in flow["together"]}
    for number, step in enumerate(flow["steps"], start=1):
        lines += [
            "",
            bold(app, f"{number} {readable(step['name'])}（{step['id']}）"),
            *_step(step, names, width),
        ]
    for fork in flow["together"]:
        lines += ["", bold(app, f"并行：{readable(fork['name'])}（{fork['id']}）")]
        lines += (line for group in fork["groups"] for line in _group(group, names, width))
        lines += hung("  去向  ", _ways(fork["next"], names), width)
    if flow["materials"]:
        lines += [
            "",
            bold(app, "材料"),
            *(line for one in flow["materials"] for line in _material(one, width)),
        ]
    return "".join(f"{line}\n" for line in lines)


def _step(step: Data, names: Mapping[str, str], width: int) -> Iterator[str]:
    limit = step["limit"]
    if step["entry"]:
        yield from hung("  作业项  ", f"{step['entry']} {step['title']}", width)
    yield from hung("  角色    ", step["role_name"], width)
    if limit:
        source = f"{limit['working_days']} 个工作日（{limit['source']}，可信度{limit['confidence']}）"
        yield from hung("  时限    ", source, width)
    if step["guards"]:
        yield from hung("  守卫    ", _labels(step["guards"]), width)
    if step["sign"]:
        yield from hung("  会签    ", "、".join(one["name"] for one in step["sign"]["departments"]), width)
    if step["controls"]:
        answered = sum(bool(control["guard"]) for control in step["controls"])
        count = f"{len(step['controls'])} 条，其中系统判断 {answered} 条"
        yield from hung("  措施    ", count, width)
    if step["effects"]:
        yield from hung("  影响    ", "；".join(_effect(name) for name in step["effects"]), width)
    from yk.flows.flow import flow_name
    from yk.flows.guards import find_condition

    if step["sub_flow"]:
        yield from hung("  另起    ", flow_name(step["sub_flow"]), width)
    for one in step["opens"]:
        when = find_condition(one["when"]).label
        yield from hung("  旁立    ", f"{flow_name(one['flow'])}（若{when}）", width)
    yield from hung("  去向    ", _ways(step["next"], names), width)
    if step["on_fail"]:
        yield from hung("  不合格  ", f"转{names[step['on_fail']]}", width)
    if step["back"]:
        yield from hung("  可退回  ", "、".join(names[target] for target in step["back"]), width)


def _group(group: Data, names: Mapping[str, str], width: int) -> Iterator[str]:
    steps = " → ".join(names[step] for step in group["steps"])
    yield from hung(f"  {readable(group['name'])}  ", steps, width)


def _material(material: Data, width: int) -> Iterator[str]:
    later = f"，可容缺到{material['deferrable_to']}" if material["deferrable_to"] else ""
    yield from hung(f"  {material['code']}  ", f"{material['name']}：{demand(material)}{later}", width)


def _ways(ways: list[Data], names: Mapping[str, str]) -> str:
    return "；".join(f"{_condition(way['label'])}{_name(way['to'], names)}" for way in ways)


def _condition(label: str) -> str:
    return "" if not label else f"{label}，" if label == "否则" else f"若{label}，"


def _name(target: str, names: Mapping[str, str]) -> str:
    """The name of a step, a fork or an end."""
    from yk.flows.definition import ENDS
    from yk.flows.diagram.graph import LANE_END

    return names.get(target) or ENDS.get(target, LANE_END)


def _labels(guards: list[str]) -> str:
    from yk.flows.views import guard_label

    return "；".join(guard_label(name) for name in guards) or "无"


def _effect(name: str) -> str:
    from yk.flows.effects import find_effect

    return find_effect(name).label
