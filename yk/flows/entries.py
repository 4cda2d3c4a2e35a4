"""Manual entries: archetypes and overlays read strictly, laid over each other, given their public ids.

A resolved entry is plain data: `{code, title, printed_title, flow, flow_name, seq, archetype, roles, page,
sections: [{no, id, name, requirements, procedure, conduct, risks}]}`; a risk `{id, text, kind, likelihood,
consequence, origin, basis, own, controls}`, a control `{id, text, kind, required, guard, check, evidence}`.
Public ids: `YXZY-YY-334.2.R1` is risk 1 of section 2, `YXZY-YY-334.2.R1.C2` its second control.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from yk import yamls
from yk.flows.catalogue import FOLDER, SOURCE, Listing, catalogue
from yk.flows.guards import find_guard
from yk.flows.roles import SOURCE as ROLES
from yk.flows.roles import role_ids

KINDS = ("人身", "财产", "政治", "服务", "业务", "法律", "廉政", "信息")
CONTROL_KINDS = ("系统", "人工", "管理")
ORIGINS = ("manual", "regulation", "practice")
STATEMENTS = ("requirements", "procedure", "conduct")

Data = dict[str, Any]


def entries_of(flow: str) -> dict[str, Data]:
    """The resolved entries of one flow by code; empty when its overlay file is not there."""
    overlay = FOLDER / "entries" / f"{flow}.yaml"
    if not overlay.exists():
        return {}
    made: dict[str, Data] = yamls.compiled(
        f"entries-{flow}", sources_of(flow), lambda: _resolve_file(overlay)
    )
    return made


def sources_of(flow: str) -> list[Path]:
    """The files the entries of `flow` are made from."""
    overlay = FOLDER / "entries" / f"{flow}.yaml"
    own = [overlay] if overlay.exists() else []
    checked_against = [ROLES, *sorted((FOLDER.parent / "guards").glob("*.py"))]
    return [*own, SOURCE, *sorted((FOLDER / "archetypes").glob("*.yaml")), *checked_against]


def _resolve_file(path: Path) -> dict[str, Data]:
    """All entries of one overlay file."""
    shown, made = f"entries/{path.name}", {}
    with yamls.read(path, shown).fields() as f:
        flow = f.need("flow").one_of([path.stem])
        overlays = f.need("entries").fields()
        for code in overlays.keys():  # noqa: SIM118
            node = overlays.need(code)
            listing = catalogue().get(code)
            if listing is None or listing.flow != flow:
                raise overlays.key_node(code).error("unknown_entry", f"{code} 不是流程 {flow} 的作业项")
            made[code] = _resolve(listing, node)
    return made


def _resolve(listing: Listing, node: yamls.Node) -> Data:
    with node.fields() as f:
        extends = f.find("extends")
        if extends is None:  # work that no other entry does: written here as a whole
            roles = [item.one_of(role_ids()) for item in f.need("roles").nodes()]
            sections: list[Data] = []
        else:
            archetype = read_archetype(extends.one_of(archetype_names()))
            roles, sections = archetype["roles"], archetype["sections"]
        overlay = f.find("sections")
        if overlay is not None:
            _lay_over(sections, overlay)
    for number, section in enumerate(sections, start=1):
        _number(section, f"{listing.code}.{number}")
        section["no"] = number
    return {
        "code": listing.code,
        "title": listing.title,
        "printed_title": listing.printed_title,
        "flow": listing.flow,
        "flow_name": listing.flow_name,
        "seq": listing.seq,
        "archetype": listing.archetype,
        "page": listing.page,
        "initials": listing.initials,
        "roles": roles,
        "sections": sections,
    }


def _number(section: Data, prefix: str) -> None:
    """Give risks and controls their public ids."""
    for risk in section["risks"]:
        risk["id"] = f"{prefix}.{risk['id']}"
        for control in risk["controls"]:
            control["id"] = f"{risk['id']}.{control['id']}"


def archetype_names() -> list[str]:
    """The archetypes that are written."""
    return sorted(path.stem for path in (FOLDER / "archetypes").glob("*.yaml"))


def read_archetype(name: str) -> Data:
    """One archetype file, read strictly."""
    shown = f"archetypes/{name}.yaml"
    with yamls.read(FOLDER / "archetypes" / f"{name}.yaml", shown).fields() as f:
        f.need("id").one_of([name])
        roles = [node.one_of(role_ids()) for node in f.need("roles").nodes()]
        sections = [_read_section(node, own=False) for node in f.need("sections").nodes()]
        _refuse_twins(f.need("sections").nodes(), [s["id"] for s in sections])
        return {"name": f.text("name"), "roles": roles, "sections": sections}


def _read_section(node: yamls.Node, own: bool) -> Data:
    with node.fields() as f:
        section: Data = {"id": f.text("id"), "name": f.text("name")}
        _read_lists(f, section, own)
    return section


def _read_lists(f: yamls.Fields, section: Data, own: bool) -> None:
    for kind, read in (*((k, _read_statement) for k in STATEMENTS), ("risks", _read_risk)):
        nodes = f.nodes(kind)
        section[kind] = [read(node, own) for node in nodes]
        _refuse_twins(nodes, [item["id"] for item in section[kind]])


def _read_statement(node: yamls.Node, own: bool) -> Data:
    with node.fields() as f:
        return {"id": f.text("id"), "text": f.text("text"), "own": own, **_origin(f)}


def _origin(f: yamls.Fields) -> Data:
    """Where a statement comes from; what is not practice names its source."""
    origin = f.need("origin").one_of(ORIGINS)
    basis = f.text("basis", "")
    if origin != "practice" and not basis:
        raise f.node.error("basis_missing", f"来源为 {origin} 的条目要写 basis（出处）")
    return {"origin": origin, "basis": basis}


def _read_risk(node: yamls.Node, own: bool) -> Data:
    with node.fields() as f:
        risk: Data = {"id": f.text("id"), "text": f.text("text"), "kind": f.need("kind").one_of(KINDS)}
        for scale in ("likelihood", "consequence"):
            risk[scale] = f.need(scale).integer()
            if not 1 <= risk[scale] <= 5:
                raise f.need(scale).error("out_of_scale", f"{scale} 应为 1 到 5")
        nodes = f.need("controls").nodes()
        risk["controls"] = [_read_control(item) for item in nodes]
        _refuse_twins(nodes, [item["id"] for item in risk["controls"]])
        if not nodes:
            raise node.error("control_missing", f"风险 {risk['id']} 没有预控措施")
        return risk | {"own": own} | _origin(f)


def _read_control(node: yamls.Node) -> Data:
    with node.fields() as f:
        control: Data = {
            "id": f.text("id"),
            "text": f.text("text"),
            "kind": f.need("kind").one_of(CONTROL_KINDS),
            "required": f.flag("required"),
            "guard": f.text("guard", ""),
            "check": f.text("check", ""),
            "evidence": f.texts("evidence"),
        }
        if bool(control["guard"]) == bool(control["check"]):
            raise node.error("check_missing", "预控措施要有 guard（守卫）或 check（提问），且只能有一个")
        if control["guard"]:
            _known_guard(f.need("guard"))
        return control


def _known_guard(node: yamls.Node) -> None:
    from yk.errors import DefinitionError

    try:
        find_guard(node.text())
    except DefinitionError as error:
        raise node.error(error.code, error.message, error.hint) from None


def _lay_over(sections: list[Data], overlay: yamls.Node) -> None:
    """Lay an overlay's sections over the archetype's, in place."""
    by_id = {section["id"]: section for section in sections}
    fields = overlay.fields()
    for name in fields.keys():  # noqa: SIM118
        with fields.need(name).fields() as f:
            section = by_id.get(name)
            title = f.find("name")
            if section is None:
                if title is None:
                    raise fields.key_node(name).error(
                        "unknown_section",
                        f"原型没有环节 {name}",
                        f"可用的有：{'、'.join(by_id)}；新增环节要写 name",
                    )
                section = {"id": name, "name": title.text(), **{k: [] for k in (*STATEMENTS, "risks")}}
                sections.append(section)
            added: Data = {}
            _read_lists(f, added, own=True)
            _drop(section, f.nodes("drop"))
            for kind, items in added.items():
                section[kind] = _merged(section[kind], items)


def _drop(section: Data, nodes: Iterable[yamls.Node]) -> None:
    for node in nodes:
        known = [item["id"] for kind in (*STATEMENTS, "risks") for item in section[kind]]
        gone = node.one_of(known)
        for kind in (*STATEMENTS, "risks"):
            section[kind] = [item for item in section[kind] if item["id"] != gone]


def _merged(old: list[Data], new: list[Data]) -> list[Data]:
    """New items replace those of the same id in their place, the others follow."""
    by_id = {item["id"]: item for item in new}
    kept = [by_id.pop(item["id"], item) for item in old]
    return [*kept, *by_id.values()]


def _refuse_twins(nodes: list[yamls.Node], ids: list[str]) -> None:
    seen: set[str] = set()
    for node, name in zip(nodes, ids, strict=True):
        if name in seen:
            raise node.error("duplicate_id", f"编号 {name} 重复")
        seen.add(name)
