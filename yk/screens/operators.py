"""Who acts: told on the status line, changed by choosing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.app import YkApp

EVERY = "全部角色"


def who_acts(desk: Desk) -> str:
    """The operator's name, and the unit where they belong to one. Raises UsageError."""
    from yk.archive.codes import name_of

    operator = desk.operator
    return f"{operator.name}@{name_of('org', operator.org)}" if operator.org else operator.name


async def choose_operator(app: YkApp) -> None:
    """Go on as somebody else, if one is chosen."""
    from yk.screens.dialogs import Choose

    options = await app.office.ask(operators_known)
    chosen = await app.push_screen_wait(Choose("换经办人", options, chosen=app.office.operator))
    if chosen:
        await app.act_as(chosen)


def operators_known(desk: Desk) -> list[tuple[str, str, str]]:
    """Every operator with the names of their roles."""
    from yk.desk.operators import all_operators
    from yk.flows.roles import roles

    names = {role.id: role.name for role in roles().values()}
    return [
        (one.id, one.name, EVERY if len(one.roles) == len(names) else "、".join(names[r] for r in one.roles))
        for one in all_operators(desk.store)
    ]
