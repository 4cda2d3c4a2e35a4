"""Parts of steps: what a kind of step brings to every flow it stands in, so that a flow says only what is its own.

A part (`parts/<name>.yaml`) may hold a role, a limit, guards, effects, form fields and materials. A step that names it
(`part: site_survey`) takes all of it over; `without` names what it leaves out; a field or material that the flow writes
itself under the same name replaces the part's. The flow document carries the outcome: a pinned definition needs no parts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yk import yamls
from yk.flows.effects import find_effect
from yk.flows.guards import find_guard
from yk.flows.particles import read_field, read_limit, read_material, read_opens, registered_names
from yk.flows.roles import role_ids

FOLDER = Path(__file__).parent / "parts"
Data = dict[str, Any]
NOTHING: Data = {
    "role": "",
    "limit": {},
    "guards": [],
    "effects": [],
    "form": [],
    "materials": [],
    "sub_flow": "",
    "opens": [],
}
"""What a step without a part is given."""


def part_names() -> list[str]:
    """The parts that are written."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def sources() -> list[Path]:
    """The files of all parts."""
    return sorted(FOLDER.glob("*.yaml"))


def read_part(name: str, step: str) -> Data:
    """The part `name` as the step `step` gets it. Raises DefinitionError with file and line."""
    node = yamls.read(FOLDER / f"{name}.yaml", f"parts/{name}.yaml")
    with node.fields() as f:
        f.need("id").one_of([name])
        role = f.find("role")
        return {
            "role": "" if role is None else role.one_of(role_ids()),
            "limit": read_limit(f.find("limit")),
            "guards": registered_names(f, "guards", find_guard),
            "effects": registered_names(f, "effects", find_effect),
            "form": [read_field(item, step) for item in f.nodes("form")],
            "sub_flow": f.text("sub_flow", ""),
            "opens": read_opens(f),
            "materials": [read_material(item, step) for item in f.nodes("materials")],
        }


def part_of(f: yamls.Fields, step: str) -> Data:
    """The part a step names, less what it does `without`; nothing when it names none.

    Raises DefinitionError (`unknown_word`) for a part that is not written and for a thing the part does not hold.
    """
    named, without = f.find("part"), f.nodes("without")
    if named is None:
        if without:
            raise without[0].error("without_part", "没有写 part 的环节不能写 without")
        return NOTHING
    part = read_part(named.one_of(part_names()), step)
    holds = [*part["guards"], *part["effects"], *(x["name"] for x in part["form"])]
    gone = {item.one_of([*holds, *(m["code"] for m in part["materials"])]) for item in without}
    return {
        **part,
        "guards": [g for g in part["guards"] if g not in gone],
        "effects": [e for e in part["effects"] if e not in gone],
        "form": [x for x in part["form"] if x["name"] not in gone],
        "materials": [m for m in part["materials"] if m["code"] not in gone],
    }


def laid_together(steps: list[Data], own: list[Data]) -> list[Data]:
    """The form: step by step the fields of its part, then its own; own fields replace those of the same name."""
    left, form = list(own), []
    for step in steps:
        for brought in step["part_form"]:
            instead = next((x for x in left if x["name"] == brought["name"]), None)
            if instead is not None:
                left.remove(instead)
            form.append(instead or brought)
        mine = [x for x in left if x["step"] == step["id"]]
        form += mine
        left = [x for x in left if x not in mine]
    return [*form, *left]


def all_materials(steps: list[Data], own: list[Data]) -> list[Data]:
    """The materials of the parts and of the flow; the flow's own replace those of the same code."""
    written = {material["code"] for material in own}
    brought = {m["code"]: m for step in steps for m in step["part_materials"]}
    return [*own, *(m for code, m in brought.items() if code not in written)]
