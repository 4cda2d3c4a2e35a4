"""What the global options say, and what every command needs from it.

    App.store_url    --store > YK_STORE > setting `store` > yk.db in the data folder
    App.operator     --operator > YK_OPERATOR > setting `operator` > '' (then the desk decides)
    App.clock        --now > YK_NOW > the machine's clock
    App.quiet, .no_input, .color, .json, .format, .path (-o), .limit
    App.settings     the settings in force, read on first use
    App.say(text)    talk, to stderr; silent under --quiet
    App.confirm(question, option)   ask before something that cannot be taken back
    App.open_store(create=False)    the archive's store; opened once, closed at the end
    App.desk(dry_run=False)         the desk over it

A command gets it by `@pass_app` as its first argument.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

import click

from yk.clock import Clock, fixed_clock, system_clock
from yk.errors import UnreadableError, UsageError, YkError
from yk.text import plain

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.settings import Settings
    from yk.store import Store


class App:
    """One run of yk: its global options and the things made from them."""

    def __init__(self) -> None:
        self.given_store = ""
        self.given_operator = ""
        self.given_clock: Clock | None = None
        self.no_input = self.quiet = self.no_color = False
        self.format = "table"
        self.path = "-"
        self.limit: int | None = None
        self._store: Store | None = None

    @property
    def json(self) -> bool:
        """Is JSON wanted (`--json` or `--format json`)?"""
        return self.format == "json"

    @cached_property
    def settings(self) -> Settings:
        """The settings in force. Raises UsageError when config.yaml or a variable is wrong."""
        from yk.settings import load

        return load()

    @property
    def store_url(self) -> str:
        """The address of the store."""
        given = self.given_store or os.environ.get("YK_STORE") or self.settings.text("store")
        if given:
            return given
        from yk.files import data_folder

        return f"sqlite:///{data_folder() / 'yk.db'}"

    @property
    def operator(self) -> str:
        """The operator's id, '' when nobody named one."""
        return self.given_operator or os.environ.get("YK_OPERATOR") or self.settings.text("operator")

    @cached_property
    def clock(self) -> Clock:
        """The source of «now». Raises UsageError when YK_NOW is no time."""
        fixed = os.environ.get("YK_NOW")
        return self.given_clock or (fixed_clock(fixed) if fixed else system_clock)

    @property
    def color(self) -> bool:
        """May stdout be coloured? Only a terminal, and nobody said no."""
        return not self.no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()

    def say(self, text: str) -> None:
        """Tell the person something, on stderr."""
        if not self.quiet:
            sys.stdout.flush()
            click.echo("\n".join(plain(line) for line in text.split("\n")), err=True)

    def confirm(self, question: str, option: str) -> None:
        """Go on only after a yes. `option` names the option that answers beforehand.

        Raises UsageError (`needs_confirmation`) when nobody can be asked, YkError (`not_confirmed`) on a no.
        """
        if self.no_input or not sys.stdin.isatty():
            raise UsageError("needs_confirmation", f"这一步要先确认：{question}", f"确认无误后加 {option}")
        if not click.confirm(question, err=True):
            raise YkError("not_confirmed", "没有确认，什么也没做")

    def open_store(self, create: bool = False) -> Store:
        """The store. Raises UnreadableError when it is missing, damaged or newer; UsageError for a bad URL."""
        if self._store is None:
            from yk.archive.opening import open_store

            self._store = open_store(self.store_url, create=create)
        return self._store

    def known_operator(self) -> str:
        """The operator's id; '' when nobody named one, as for what is run by night.

        Raises UsageError (`unknown_operator`) for one the store does not know, once it knows any.
        """
        from yk.desk.operators import all_operators, get_operator

        if not self.operator or not all_operators(self.open_store()):
            return self.operator
        return get_operator(self.open_store(), self.operator).id

    def desk(self, dry_run: bool = False) -> Desk:
        """The desk over the store; with `dry_run` it writes nothing."""
        from yk.audit.watching import watcher
        from yk.desk import Desk

        return Desk(self.open_store(), self.operator, self.clock, self.settings, dry_run, watcher())

    def blame_store(self, fault: Exception) -> None:
        """After a fault of the program: when the store in use is damaged, that is what to tell.

        Raises UnreadableError (`store_damaged`).
        """
        if self._store is None:
            return
        from yk.desk.checking import check

        found = []
        with suppress(Exception):
            found = check(self._store)
        if found:
            raise UnreadableError(
                "store_damaged",
                f"存储 {self._store.url} 已损坏，查出 {len(found)} 处，如：{found[0]['message']}",
                "yk store check 列出全部；用最近的备份恢复：yk store restore",
            ) from fault

    def close(self) -> None:
        """Close what was opened; say so when deadlines were reckoned without holiday data."""
        if "yk.workdays" in sys.modules:
            from yk.workdays import uncertain, warning

            if told := warning():
                self.say(told)
                uncertain.clear()
        if self._store is not None:
            self._store.close()
            self._store = None


pass_app = click.make_pass_decorator(App, ensure=True)
"""Hand the App to a command as its first argument."""
