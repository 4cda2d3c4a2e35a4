"""Shell completion: the scripts, and what they are answered."""

from __future__ import annotations

from pathlib import Path
from shutil import which
from subprocess import run

import pytest

from yk.cli.completion import SHELLS

from .conftest import Yk


def answers(yk: Yk, monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    """What bash is offered at the end of `line`."""
    monkeypatch.setenv("_YK_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(line.count(" ")))
    result = yk()
    assert result.err == ""
    return [item.partition(",")[2] for item in result.out.splitlines()]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell(yk: Yk, shell: str) -> None:
    result = yk("completion", shell)
    assert result.code == 0
    assert "_YK_COMPLETE" in result.out
    assert f"{shell}_complete" in result.out


@pytest.mark.skipif(which("bash") is None, reason="needs bash")
def test_bash_accepts_its_script(yk: Yk) -> None:
    assert run(["bash", "-n"], input=yk("completion", "bash").out.encode()).returncode == 0


def test_commands_options_and_choices_are_offered(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers(yk, monkeypatch, "yk co") == ["config", "completion"]
    assert answers(yk, monkeypatch, "yk config ") == ["show", "path", "set", "validate"]
    assert answers(yk, monkeypatch, "yk config show --fo") == ["--format"]
    assert answers(yk, monkeypatch, "yk config show --st") == ["--store"]
    assert answers(yk, monkeypatch, "yk --operator li config show --format j") == ["json", "jsonl"]
    assert answers(yk, monkeypatch, "yk completion p") == ["powershell"]


def test_settings_are_offered_by_name(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers(yk, monkeypatch, "yk config set day_") == ["day_closes"]


def test_flows_are_offered_by_id_and_by_chinese_name() -> None:
    import click

    from yk.cli.complete import complete_flow

    context, param = click.Context(click.Command("x")), click.Argument(["flow"])
    offered = {item.value: item.help for item in complete_flow(context, param, "ren")}
    assert offered["rename"] == "更名"
    assert "更名" in [item.value for item in complete_flow(context, param, "更")]
    assert complete_flow(context, param, "nosuch") == []


def test_trouble_in_completion_stays_silent(yk: Yk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YK_CONFIG", str(home / "config.yaml"))
    (home / "config.yaml").write_text("[broken")
    assert answers(yk, monkeypatch, "yk config set ") == []
    assert answers(yk, monkeypatch, "yk --now nonsense config ") == ["show", "path", "set", "validate"]


def test_work_orders_are_offered_by_number(home: Path) -> None:
    import click

    from yk.archive.opening import open_store
    from yk.cli.app import App
    from yk.cli.complete import complete_case

    app = App()
    app.given_store = str(home / "a.db")
    store = open_store(app.given_store, create=True)
    with store.transaction():
        store.table("case").insert_multiple(
            [{"case": n, "flow": "rename"} for n in ("010001", "010002", "020001")]
        )
    store.close()
    context = click.Context(click.Command("x"), obj=app)
    assert [i.value for i in complete_case(context, click.Argument(["no"]), "01")] == ["010001", "010002"]
    app.close()
