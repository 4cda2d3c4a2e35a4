"""A new work order, from any screen: which flow, which customer, then its first step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yk.screens.working import start

if TYPE_CHECKING:
    from yk.screens.app import YkApp


def begin_order(app: YkApp, customer: str = "") -> None:
    """Ask which flow, and go on from there. The question is there at once: what is typed ahead belongs to it."""
    from yk.screens.choose_flow import ChooseFlow, openable_flows

    def go_on(flow: str | None) -> None:
        if flow:
            start(app, lambda: new_order(app, flow, customer), "new", alone=True)

    app.push_screen(ChooseFlow("新建工单：哪一个流程", openable_flows), go_on)


async def new_order(app: YkApp, flow: str, customer: str = "") -> None:
    """Ask for the customer where one is missing, open the order, show its first step."""
    from yk.flows.flow import load

    screen = app.here
    if screen is None:
        return
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
