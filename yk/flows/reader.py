"""An entry of the manual as people read it: with names of roles, levels of risks, what guards demand, marks of origin.

It is kept in the cache by flow, so that looking something up loads neither guards nor YAML.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yk import yamls
from yk.errors import UsageError
from yk.flows.catalogue import FOLDER, SOURCE, find

Data = dict[str, Any]


def entry_in_full(code: str) -> Data:
    """The resolved entry, besides `role_names`, `mark` of every statement, `level` of risks, `asks` of controls.

    Raises UsageError for a code that is not in the manual or not yet written.
    """
    listing = find(code)
    found: Data | None = _entries(listing.flow).get(listing.code)
    if found is None:
        raise UsageError(
            "entry_not_written",
            f"{listing.code} {listing.title} 的内容还没有编写",
            "yk manual list --written 列出已编写的作业项",
        )
    return found


def _entries(flow: str) -> dict[str, Data]:
    overlay = FOLDER / "entries" / f"{flow}.yaml"
    if not overlay.exists():
        return {}
    here = Path(__file__).parent
    code = [here / name for name in ("entries.py", "definition.py", "origins.py", "roles.yaml")]
    sources = [overlay, SOURCE, *code, *sorted((FOLDER / "archetypes").glob("*.yaml"))]
    sources += sorted((here / "guards").glob("*.py"))
    made: dict[str, Data] = yamls.compiled(f"reader-{flow}", sources, lambda: _build(flow))
    return made


def _build(flow: str) -> dict[str, Data]:
    from yk.flows.entries import entries_of

    return {code: _in_full(entry) for code, entry in entries_of(flow).items()}


def _in_full(entry: Data) -> Data:
    from yk.flows.definition import risk_level
    from yk.flows.entries import STATEMENTS
    from yk.flows.guards import find_guard
    from yk.flows.origins import origin_mark
    from yk.flows.roles import roles

    for section in entry["sections"]:
        for item in (item for kind in (*STATEMENTS, "risks") for item in section[kind]):
            item["mark"] = origin_mark(item)
        for risk in section["risks"]:
            risk["level"] = risk_level(risk["likelihood"], risk["consequence"])
            for control in risk["controls"]:
                control["asks"] = control["check"] or find_guard(control["guard"]).label
    return {**entry, "role_names": [roles()[role].name for role in entry["roles"]]}
