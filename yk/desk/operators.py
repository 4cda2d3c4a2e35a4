"""Operators: who works here, in which roles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yk.archive.codes import code_of, codes
from yk.errors import UnreadableError, UsageError
from yk.flows.roles import find_role, roles
from yk.store import Store
from yk.text import did_you_mean, halfwidth, plain

TRAINER = "trainer"
_IDENT = re.compile(r"[\w.@-]{1,40}")


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who may act; `roles` are role ids, `org` the unit they work at ('' works for every unit)."""

    id: str
    name: str
    roles: tuple[str, ...]
    org: str = ""

    @property
    def sees_personal_data(self) -> bool:
        """May this person see certificate and phone numbers unmasked?"""
        return any(role.personal_data for role in roles().values() if role.id in self.roles)

    def doc(self) -> dict[str, Any]:
        """The stored document."""
        return {"operator": self.id, "name": self.name, "roles": list(self.roles), "org": self.org}


def _load(doc: Mapping[str, Any]) -> Operator:
    try:
        return Operator(doc["operator"], doc["name"], tuple(doc["roles"]), doc.get("org") or "")
    except (KeyError, TypeError):
        message = f"存储里经办人 {doc.get('operator', '')} 的内容已损坏"
        raise UnreadableError("store_damaged", message, "用最近的备份恢复：yk store restore") from None


def all_operators(store: Store) -> list[Operator]:
    """Everybody, by id."""
    return [_load(doc) for doc in store.table("operator").all()]


def get_operator(store: Store, name: str) -> Operator:
    """The operator with this id; without a name the demonstration's trainer. Raises UsageError."""
    doc = store.table("operator").get(doc_id=halfwidth(name) or TRAINER)
    if doc is None and not name:
        raise UsageError(
            "operator_missing", "没有指明经办人", "加 --operator 编号，或 yk config set operator 编号"
        )
    if doc is None:
        known = [o.id for o in all_operators(store)]
        raise UsageError(
            "unknown_operator",
            f"没有 {name} 这个经办人",
            did_you_mean(name, known)
            or ("yk operator list 列出全部" if known else "先加一个：yk operator add"),
        )
    return _load(doc)


def add_operator(store: Store, name: str, person: str, role_words: Iterable[str], unit: str = "") -> Operator:
    """Add an operator or change one. Raises UsageError for an unknown role or unit, a bad id or an empty name."""
    ident, person = halfwidth(name), plain(person).strip()
    if not ident or not person:
        raise UsageError(
            "operator_incomplete", "经办人要有编号和姓名", "yk operator add 编号 --name 姓名 --role 角色"
        )
    if not _IDENT.fullmatch(ident):
        raise UsageError(
            "bad_operator_id", f"经办人编号“{name[:40]}”不能用", "用字母、数字、汉字和 _ - . @，最多 40 个字"
        )
    if len(person) > 40:
        raise UsageError("bad_operator_name", f"姓名最多 40 个字，现有 {len(person)} 个")
    if any("\ud800" <= char <= "\udfff" for char in person):
        raise UsageError("bad_operator_name", "姓名里有不是 UTF-8 的字符", "检查终端的编码")
    org = code_of("org", unit) if unit.strip() else ""
    if org is None:
        raise UsageError(
            "unknown_org", f"没有 {unit} 这个供电单位", did_you_mean(unit, codes("org").values())
        )
    role_ids = tuple(dict.fromkeys(find_role(word).id for word in role_words))
    operator = Operator(ident, person, role_ids, org)
    if not operator.roles:
        raise UsageError("operator_incomplete", f"经办人 {ident} 至少要有一个角色", "加 --role 角色，可重复")
    with store.transaction():
        store.table("operator").save(operator.doc())
    return operator


def demonstration_operators() -> list[Operator]:
    """One operator a role, whose id is the role id, and a trainer who holds every role."""
    one_each = [Operator(role.id, role.name, (role.id,)) for role in roles().values()]
    return [*one_each, Operator(TRAINER, "培训师", tuple(roles()))]
