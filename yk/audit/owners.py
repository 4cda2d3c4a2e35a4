"""Whose a finding is: the unit corrects, the centre tracks, the division reviews; and who holds which post.

The lists' own owners (附件2) can be changed rule by rule, the holders of posts named; both lie in the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from yk import yamls
from yk.archive.codes import name_of
from yk.audit.rules import Rule, find_rule, rules
from yk.errors import Reason, Refused, UsageError
from yk.flows.roles import roles
from yk.store import Store
from yk.text import did_you_mean

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.desk.operators import Operator

Data = dict[str, Any]
SOURCE = Path(__file__).with_name("organisation.yaml")
BILLING_CENTRE = "电费管理中心"
"""Looks too at every rule that money depends on (附件2 附注2)."""


class Post(NamedTuple):
    """A post of the audit's organisation: `kind/name`, the body it is of, the role its holders must have."""

    id: str
    kind: str
    name: str
    body: str
    role: str
    basis: str


class Owner(NamedTuple):
    """The centre that tracks and the division that reviews."""

    division: str
    centre: str


@cache
def posts() -> Mapping[str, Post]:
    """Every post by id. Raises DefinitionError with file and line."""
    found = {}
    for node in yamls.read(SOURCE, "audit/organisation.yaml").nodes():
        with node.fields() as f:
            kind, body, basis = f.text("kind"), f.text("name"), f.text("basis")
            role = f.need("role").one_of(roles())
            for name in f.texts("posts"):
                found[f"{kind}/{name}"] = Post(f"{kind}/{name}", kind, name, body, role, basis)
    return found


def names_of(kind: str) -> list[str]:
    """The posts of a kind by name: the centres, the divisions."""
    return [post.name for post in posts().values() if post.kind == kind]


def named_in(kind: str, text: str) -> tuple[str, ...]:
    """The centres or divisions that the text of an owner names: one, or those of a rule that has two (附件2-1 1.1.4)."""
    return (text,) if f"{kind}/{text}" in posts() else tuple(text.split("、"))


def owners(store: Store) -> dict[str, Owner]:
    """The owner of every rule as it is now."""
    changed = {doc["rule"]: doc for doc in store.table("audit_owner").all()}
    return {
        rule.id: Owner(changed[rule.id]["division"], changed[rule.id]["centre"])
        if rule.id in changed
        else Owner(rule.division, rule.centre)
        for rule in rules().values()
    }


def owner_of(owner: Owner, rule: Rule, entity: str) -> Owner:
    """Whose a row of `entity` is; of a rule with two divisions the entity decides (附件2-1 1.1.4)."""
    own = next((part.division for part in rule.parts if part.entity == entity and part.division), "")
    return Owner(own, owner.centre) if own and owner.division == rule.division else owner


def copied_to(rule: Rule, owner: Owner) -> str:
    """The centre that gets a copy besides, '' when none does."""
    return BILLING_CENTRE if rule.billing and owner.centre != BILLING_CENTRE else ""


def set_owner(desk: Desk, word: str, division: str = "", centre: str = "") -> Owner:
    """Give a rule to another division or centre; its open findings go with it. Raises UsageError, Refused."""
    rule = find_rule(word)
    with desk.unit():
        require_role(desk.operator, "data_steward", "改规则的责任")
        now = owners(desk.store)[rule.id]
        new = Owner(
            _known("division", division) if division else now.division,
            _known("centre", centre) if centre else now.centre,
        )
        row = {"rule": rule.id, **new._asdict(), "by": desk.operator.id, "at": desk.now()}
        desk.store.table("audit_owner").save(row)
        from yk.audit.following import hand_over

        hand_over(desk.store, rule, new, desk.operator.id, desk.now())
    return new


def _known(kind: str, word: str) -> str:
    names = names_of(kind)
    if word.strip() in names:
        return word.strip()
    label = {"division": "专业", "centre": "中心"}[kind]
    hint = did_you_mean(word, names) or f"有 {'；'.join(names)}"
    raise UsageError(f"unknown_{kind}", f"没有 {word} 这个{label}", hint)


def holders(store: Store) -> dict[str, list[str]]:
    """Who holds each post: operators' ids."""
    named = {doc["post"]: list(doc["holders"]) for doc in store.table("audit_post").all()}
    return {post: named.get(post, []) for post in posts()}


def set_holders(desk: Desk, word: str, people: Iterable[str]) -> Post:
    """Say who holds a post, instead of whoever did. Raises UsageError, Refused (`role_missing`)."""
    from yk.desk.operators import get_operator

    post = find_post(word)
    with desk.unit():
        require_role(desk.operator, "data_steward", "定岗位的人")
        found = [get_operator(desk.store, name) for name in dict.fromkeys(people)]
        if wrong := [one for one in found if post.role not in one.roles]:
            role = roles()[post.role]
            reasons = [
                Reason(
                    "role_missing",
                    f"{one.name}（{one.id}）没有{role.name}（{role.id}）这个角色，不能任{post.name}",
                )
                for one in wrong
            ]
            raise Refused(
                reasons, f"先给角色：yk operator add {wrong[0].id} --name {wrong[0].name} --role {role.id}"
            )
        row = {
            "post": post.id,
            "holders": [one.id for one in found],
            "by": desk.operator.id,
            "at": desk.now(),
        }
        desk.store.table("audit_post").save(row)
    return post


def find_post(word: str) -> Post:
    """The post with this id, or name where only one has it. Raises UsageError (`unknown_post`)."""
    word = word.strip()
    if word in posts():
        return posts()[word]
    named = [post for post in posts().values() if word in (post.name, f"{post.body}/{post.name}")]
    if len(named) == 1:
        return named[0]
    near = named or [post for post in posts().values() if word and word in post.name]
    hint = f"写成 {' 或 '.join(post.id for post in near)}" if near else "yk audit post list 列出全部"
    raise UsageError(
        "unknown_post", f"没有 {word} 这个岗位" if not named else f"叫 {word} 的岗位不止一个", hint
    )


def require_role(operator: Operator, role: str, act: str) -> None:
    """Refuse an operator who lacks a role. `act`: what he wants to do."""
    if role not in operator.roles:
        name = roles()[role].name
        raise Refused([Reason("role_missing", f"{act}由{name}（{role}）办理，{operator.name} 没有这个角色")])


def require_sender(operator: Operator, act: str) -> None:
    """Refuse an operator who may not send out and publish: the data group does, or the audit specialist (第四、八条)."""
    if "data_steward" not in operator.roles:
        require_role(operator, "data_group", act)


def require_holder(store: Store, operator: Operator, kind: str, name: str, act: str) -> None:
    """Refuse an operator who lacks the role of a post, or another than those who hold it where that is told."""
    for one in named_in(kind, name):
        post = posts().get(f"{kind}/{one}")
        if post is None:
            continue
        require_role(operator, post.role, act)
        if (people := holders(store)[post.id]) and operator.id not in people:
            text = f"{act}由{post.body}“{post.name}”的 {'、'.join(people)} 办理，{operator.name} 不在其中"
            raise Refused([Reason("not_the_holder", text)], "yk audit post list 看岗位")


def require_unit(operator: Operator, org_no: str, act: str) -> None:
    """Refuse an operator who does not correct the data of this unit."""
    require_role(operator, "unit_corrector", act)
    if operator.org and org_no and operator.org != org_no:
        names = [name_of("org", code) for code in (org_no, operator.org)]
        raise Refused([Reason("other_office", f"{act}由{names[0]}办理，{operator.name} 属{names[1]}")])
