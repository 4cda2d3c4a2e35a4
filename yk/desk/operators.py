"""Operators: who works here, in which roles, and which of them count only once an exam is passed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
    """A person who may act; `roles` are the role ids in force, `org` the unit they work at ('' works for every unit),
    `awaiting` the roles that somebody has given them and that an exam has still to put in force."""

    id: str
    name: str
    roles: tuple[str, ...]
    org: str = ""
    awaiting: tuple[str, ...] = ()

    @property
    def sees_personal_data(self) -> bool:
        """May this person see certificate and phone numbers unmasked?"""
        return any(role.personal_data for role in roles().values() if role.id in self.roles)

    def doc(self) -> dict[str, Any]:
        """The stored document; `awaiting` only where there are such roles."""
        doc = {"operator": self.id, "name": self.name, "roles": list(self.roles), "org": self.org}
        return doc | ({"awaiting": list(self.awaiting)} if self.awaiting else {})


def _load(doc: Mapping[str, Any]) -> Operator:
    try:
        awaiting = tuple(doc.get("awaiting") or ())
        return Operator(doc["operator"], doc["name"], tuple(doc["roles"]), doc.get("org") or "", awaiting)
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


def add_operator(
    store: Store,
    name: str,
    person: str,
    role_words: Iterable[str],
    unit: str = "",
    until_exam: Iterable[str] = (),
) -> Operator:
    """Add an operator or change one; roles of `until_exam` count only once `qualify` puts them in force.

    Raises UsageError for an unknown role or unit, a bad id, an empty name, or a role that is given both ways.
    """
    ident, person = halfwidth(name), plain(person).strip()
    _refuse_bad_names(ident, name, person)
    org = code_of("org", unit) if unit.strip() else ""
    if org is None:
        raise UsageError(
            "unknown_org", f"没有 {unit} 这个供电单位", did_you_mean(unit, codes("org").values())
        )
    role_ids, awaiting = _role_ids(role_words), _role_ids(until_exam)
    if both := [roles()[role].name for role in awaiting if role in role_ids]:
        message = f"{'、'.join(both)}既直接给了，又要等考试合格"
        raise UsageError("role_given_twice", message, "--role 和 --until-exam 只写一处")
    operator = Operator(ident, person, role_ids, org, awaiting)
    if not operator.roles and not operator.awaiting:
        raise UsageError("operator_incomplete", f"经办人 {ident} 至少要有一个角色", "加 --role 角色，可重复")
    with store.transaction():
        store.table("operator").save(operator.doc())
    return operator


def _role_ids(words: Iterable[str]) -> tuple[str, ...]:
    """The ids of roles named by id or Chinese name, each once. Raises UsageError (`unknown_role`)."""
    return tuple(dict.fromkeys(find_role(word).id for word in words))


def _refuse_bad_names(ident: str, name: str, person: str) -> None:
    """Raise UsageError for an id that cannot be typed or a name that cannot be shown."""
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


def qualify(store: Store, name: str, role: str) -> bool:
    """Put a role that waits for an exam in force; False when the operator has no such role waiting.

    Never gives a role that nobody has given. Raises UsageError for an unknown operator or role.
    """
    wanted = find_role(role).id
    with store.transaction():
        operator = get_operator(store, name)
        if wanted not in operator.awaiting:
            return False
        left = tuple(one for one in operator.awaiting if one != wanted)
        known = tuple(dict.fromkeys((*operator.roles, wanted)))
        store.table("operator").save(replace(operator, roles=known, awaiting=left).doc())
    return True


def demonstration_operators() -> list[Operator]:
    """One operator a role, whose id is the role id, and a trainer who holds every role."""
    one_each = [Operator(role.id, role.name, (role.id,)) for role in roles().values()]
    return [*one_each, Operator(TRAINER, "培训师", tuple(roles()))]
