"""What Tab offers for arguments: flows by id or Chinese name, case numbers, settings.

Pass one as `shell_complete=` of a click argument or option. Each loads only what it lists from; an error in one ends
the completion silently (see `yk.cli.run`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

import click

from yk.cli.app import App

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

MOST = 200
"""More than this nobody reads."""


def complete_flow(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Ids of the flows that are defined, the name beside them; names once the user types Chinese."""
    from yk.flows.catalogue import catalogue
    from yk.flows.flow import flow_ids

    defined = set(flow_ids())
    names = {entry.flow: entry.flow_name for entry in catalogue().values() if entry.flow in defined}
    if typed and not typed.isascii():
        return _items(typed, ((name, flow) for flow, name in names.items()))
    return _items(typed, names.items())


def complete_case(ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Numbers of the work orders in the store."""
    medium = ctx.ensure_object(App).open_store().medium
    return _items(typed, ((number, "") for number in medium.rows(medium.collection("case"))))


def complete_batch(ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Numbers of the batches in the store."""
    medium = ctx.ensure_object(App).open_store().medium
    return _items(typed, ((number, "") for number in medium.rows(medium.collection("batch"))))


def complete_setting(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Names of settings with their meaning."""
    from yk.settings import load

    return _items(typed, ((setting.name, setting.text) for setting in load().all()))


def _items(typed: str, offers: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    """The (value, explanation) pairs whose value begins with what was typed."""
    from click.shell_completion import CompletionItem

    fitting = ((value, text) for value, text in offers if value.startswith(typed))
    return [CompletionItem(value, help=text or None) for value, text in islice(fitting, MOST)]
