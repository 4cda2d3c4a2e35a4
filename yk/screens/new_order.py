"""A new work order, from any screen: which flow, which customer, then its first step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yk.screens.dialogs import Choose
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.app import YkApp


async def new_order(app: YkApp, flow: str = "", customer: str = "") -> None:
    """Ask for what is missing, open the order, show its first step."""
    from yk.flows.flow import load

    screen = app.here
    if screen is None:
        return
    if not flow:
        options = await screen.attempt(_flows)
        if options is None:
            return
        initials = {ident: words for ident, _, _, words in options}

        def matches(option: tuple[str, str, str], word: str) -> bool:
            return word in f"{option[1]} {initials[option[0]]}".casefold()

        shown = [(ident, name, told) for ident, name, told, _ in options]
        chosen = await app.push_screen_wait(Choose("新建工单：哪一个流程", shown, matches))
        if not chosen:
            return
        flow = chosen
    spec = load(flow)
    if spec.doc["customer"] and not customer:
        from yk.screens.pick_customer import PickCustomer

        picked = await app.push_screen_wait(PickCustomer(f"{spec.name}：哪一户"))
        if not picked:
            return
        customer = picked
    order = await screen.attempt(
        lambda desk: desk.open(flow, customer or None).case, title=f"不能受理{spec.name}"
    )
    if order:
        app.notify(f"工单 {order} 已登记")
        await app.open_screen("step", case=order)


def _flows(desk: Desk) -> list[tuple[str, str, str, str]]:
    """The flows this operator may begin first: (id, name, who begins it, what typing is compared with)."""
    from yk.flows.flow import flow_ids, load
    from yk.flows.roles import roles

    found = []
    for ident in flow_ids():
        flow = load(ident)
        role = flow.step(flow.first)["role"]
        mine = role in desk.operator.roles
        told = f"{flow.doc['category']}，{len(flow.steps)} 个环节"
        if not mine:
            told += f"，由{roles()[role].name}受理"
        words = f"{ident} {halfwidth(flow.doc['initials'])} {flow.doc['category']}".casefold()
        found.append((not mine, ident, flow.name, told, words))
    found.sort(key=lambda one: one[0])
    return [(ident, name, told, words) for _, ident, name, told, words in found]
