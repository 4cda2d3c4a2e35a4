"""Roles, what they may see, and which duties exclude each other (`roles.yaml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls
from yk.errors import UsageError
from yk.text import did_you_mean, halfwidth

SOURCE = Path(__file__).with_name("roles.yaml")


class Role(NamedTuple):
    """A role; `personal_data`: may see certificate and phone numbers unmasked."""

    id: str
    name: str
    origin: str
    duty: str
    personal_data: bool


class Separation(NamedTuple):
    """Two archetypes of steps that one person may not both do on one work order."""

    first: str
    second: str
    text: str
    basis: str


@cache
def _data() -> Any:
    return yamls.compiled("roles", [SOURCE], _read)


def _read() -> dict[str, list[dict[str, Any]]]:
    with yamls.read(SOURCE, "roles.yaml").fields() as f:
        return {
            "roles": [_role(node) for node in f.need("roles").nodes()],
            "separate": [_separation(node) for node in f.need("separate").nodes()],
        }


def _role(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        texts = {key: f.text(key) for key in ("id", "name", "origin", "duty")}
        return texts | {"personal_data": f.flag("personal_data")}


def _separation(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        return {key: f.text(key) for key in ("first", "second", "text", "basis")}


@cache
def roles() -> dict[str, Role]:
    """All roles by id."""
    return {row["id"]: Role(**row) for row in _data()["roles"]}


def role_ids() -> list[str]:
    """All role ids."""
    return list(roles())


def find_role(word: str) -> Role:
    """The role with this id or Chinese name. Raises UsageError (`unknown_role`)."""
    wanted = halfwidth(word)
    for role in roles().values():
        if wanted in (role.id, role.name):
            return role
    known = [*roles(), *(role.name for role in roles().values())]
    hint = did_you_mean(wanted, known) or "yk operator roles 列出全部角色"
    raise UsageError("unknown_role", f"没有 {word} 这个角色", hint)


@cache
def separations() -> tuple[Separation, ...]:
    """All pairs of duties that exclude each other."""
    return tuple(Separation(**row) for row in _data()["separate"])
