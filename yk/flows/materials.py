"""The materials a customer hands in, and the papers nobody may ask for (`materials.yaml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls
from yk.errors import UsageError
from yk.text import did_you_mean, halfwidth

SOURCE = Path(__file__).with_name("materials.yaml")


class Material(NamedTuple):
    """A kind of paper; `original`: the original is kept or must be seen."""

    code: str
    name: str
    validity: str
    basis: str
    original: bool


@cache
def _data() -> Any:
    return yamls.compiled("materials", [SOURCE], _read)


def _read() -> dict[str, list[dict[str, Any]]]:
    with yamls.read(SOURCE, "materials.yaml").fields() as f:
        return {
            "materials": [_material(node) for node in f.need("materials").nodes()],
            "forbidden": [_forbidden(node) for node in f.need("forbidden").nodes()],
        }


def _material(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        texts = {key: f.text(key) for key in ("code", "name", "validity", "basis")}
        return texts | {"original": f.flag("original")}


def _forbidden(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        return {"name": f.text("name"), "basis": f.text("basis")}


@cache
def materials() -> dict[str, Material]:
    """All kinds of paper by code."""
    return {row["code"]: Material(**row) for row in _data()["materials"]}


def forbidden() -> list[dict[str, str]]:
    """Papers nobody may ask for: name and basis."""
    return list(_data()["forbidden"])


def find_material(word: str) -> Material:
    """The material with this code or name. Raises UsageError (`unknown_material`, `forbidden_material`)."""
    wanted = halfwidth(word)
    for row in forbidden():
        if wanted == halfwidth(row["name"]):
            raise UsageError("forbidden_material", f"{word} 属禁止收取的附加材料（{row['basis']}），不收")
    for material in materials().values():
        if wanted.upper() == material.code or wanted == halfwidth(material.name):
            return material
    known = [*materials(), *(m.name for m in materials().values())]
    hint = did_you_mean(wanted, known) or "yk material list 列出全部材料"
    raise UsageError("unknown_material", f"没有 {word} 这种材料", hint)
