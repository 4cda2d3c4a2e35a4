"""Work beside the painting: started from a key or a message, its faults told and not fatal."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any, cast

from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

from yk.errors import YkError
from yk.screens.words import said

Node = App[Any] | Screen[Any] | Widget


def start(node: Node, work: Callable[[], Awaitable[Any]], group: str = "work", alone: bool = False) -> None:
    """Do `work` in a worker of `node`; with `alone` what runs in the group is given up for it."""

    async def guarded() -> None:
        try:
            await work()
        except YkError as error:
            tell_fault(node, said(error.message))
        except Exception as fault:
            if os.environ.get("YK_DEBUG"):
                raise
            tell_fault(node, f"程序内部错误：{type(fault).__name__} {fault}")

    node.run_worker(cast("Callable[[], Awaitable[None]]", guarded), group=group, exclusive=alone)


def tell_fault(node: Node, text: str) -> None:
    """Say that something went wrong."""
    node.notify(text, severity="error", timeout=8, markup=False)
