"""Global options: before or after the command, at any level; variables and settings behind them."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
import pytest

from yk.cli import run
from yk.cli.app import App, pass_app
from yk.cli.lazy import command, group
from yk.cli.options import reading
from yk.cli.root import root
from yk.errors import UsageError

from .conftest import Yk


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[App]:
    """`yk probe` and `yk noun probe` note the App they were given."""
    found: list[App] = []

    @command("probe", help="看。")
    @reading
    @pass_app
    def probe(app: App) -> None:
        found.append(app)
        app.say("看过了")

    @group("noun", help="名。")
    def noun() -> None:
        pass

    noun.add_command(probe)
    monkeypatch.setitem(root.commands, "probe", probe)
    monkeypatch.setitem(root.commands, "noun", noun)
    return found


@pytest.mark.parametrize(
    "words",
    [
        ["--store", "memory://", "--operator", "li", "--now", "2026-11-21", "-q", "--json", "noun", "probe"],
        ["noun", "--store", "memory://", "--operator=li", "--now=2026-11-21", "--quiet", "--json", "probe"],
        [
            "noun",
            "probe",
            "--json",
            "--quiet",
            "--now",
            "2026-11-21",
            "--operator",
            "li",
            "--store",
            "memory://",
        ],
        ["--json", "noun", "-q", "--store", "memory://", "probe", "--operator", "li", "--now", "2026-11-21"],
    ],
)
def test_options_count_wherever_they_stand(yk: Yk, seen: list[App], words: list[str]) -> None:
    assert yk(*words) == (0, "", "")
    (app,) = seen
    assert (app.store_url, app.operator, app.quiet, app.json) == ("memory://", "li", True, True)
    assert app.clock().isoformat() == "2026-11-21T00:00:00+08:00"


def test_the_last_one_written_counts(yk: Yk, seen: list[App]) -> None:
    yk("--operator", "li", "probe", "--operator", "wang", "--json", "--format", "md")
    assert (seen[0].operator, seen[0].format) == ("wang", "md")


def test_variables_stand_behind_options(yk: Yk, seen: list[App], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "YK_STORE": "json:///a.json",
        "YK_OPERATOR": "zhao",
        "YK_NOW": "2026-01-02T08:00",
    }.items():
        monkeypatch.setenv(name, value)
    yk("probe")
    yk("probe", "--operator", "li")
    assert (seen[0].store_url, seen[0].operator) == ("json:///a.json", "zhao")
    assert seen[0].clock().isoformat() == "2026-01-02T08:00:00+08:00"
    assert (seen[1].store_url, seen[1].operator) == ("json:///a.json", "li")


def test_settings_stand_behind_variables(yk: Yk, seen: list[App], home: Path) -> None:
    yk("config", "set", "operator", "trainer")
    yk("probe")
    assert seen[0].operator == "trainer"
    assert seen[0].store_url == f"sqlite:///{home / 'home' / 'xdg_data_home' / 'yk' / 'yk.db'}"


def test_a_time_that_is_none_is_refused_at_once(
    yk: Yk, seen: list[App], monkeypatch: pytest.MonkeyPatch
) -> None:
    result = yk("probe", "--now", "yesterday")
    assert (result.code, seen) == (2, [])
    assert result.err.startswith("错误：时间写法不对：yesterday")
    monkeypatch.setenv("YK_NOW", "tomorrow")
    yk("probe")
    with pytest.raises(UsageError, match="tomorrow"):
        seen[0].clock()


def test_quiet_silences_talk_but_no_error(yk: Yk, seen: list[App]) -> None:
    assert yk("probe").err == "看过了\n"
    assert yk("probe", "-q").err == ""
    assert yk("-q", "prbe").err != ""


@pytest.mark.parametrize(("words", "environment"), [(["--no-color"], {}), ([], {"NO_COLOR": "1"})])
def test_colour_can_be_refused(
    yk: Yk, monkeypatch: pytest.MonkeyPatch, words: list[str], environment: dict[str, str]
) -> None:
    assert "\x1b[" in yk("doctor", tty=True).out
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert "\x1b[" not in yk("doctor", *words, tty=True).out
    assert "\x1b[" not in yk("doctor").out


def test_what_needs_a_yes_is_an_error_where_nobody_can_be_asked(
    yk: Yk, monkeypatch: pytest.MonkeyPatch
) -> None:
    @command("wipe", help="清。")
    @pass_app
    def wipe(app: App) -> None:
        app.confirm("清空存储", "--yes")

    monkeypatch.setitem(root.commands, "wipe", wipe)
    result = yk("wipe", "--no-input")
    assert (result.code, result.err) == (2, "错误：这一步要先确认：清空存储\n提示：确认无误后加 --yes\n")


@pytest.mark.parametrize(
    ("answer", "code", "done"),
    [("y", 0, "换了\n"), ("n", 1, "没有确认，什么也没做\n"), ("", 1, "没有确认，什么也没做\n")],
)
def test_a_person_is_asked_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, code: int, done: str
) -> None:
    @command("wipe", help="清。")
    @pass_app
    def wipe(app: App) -> None:
        app.confirm("清空存储", "--yes")
        app.say("换了")

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setitem(root.commands, "wipe", wipe)
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    assert run(["wipe"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("清空存储 [y/N]: ")
    assert err.endswith(done)


def test_a_limit_and_a_format_reach_the_app(yk: Yk, seen: list[App]) -> None:
    yk("probe", "--limit", "3", "--format", "jsonl", "-o", "a.jsonl")
    app = seen[0]
    assert (app.limit, app.format, app.path, app.json) == (3, "jsonl", "a.jsonl", False)


def test_a_parameter_of_a_command_may_bear_a_global_name(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    @command("take", help="拿。")
    @click.argument("store")
    @click.argument("operator")
    def take(store: str, operator: str) -> None:
        taken.extend((store, operator))

    monkeypatch.setitem(root.commands, "take", take)
    assert yk("take", "a", "b", "--store", "memory://").code == 0
    assert taken == ["a", "b"]
