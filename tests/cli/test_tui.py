"""`yk tui` without a terminal: pictures, lists of keys, and what is wrong said in a line."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from .conftest import Yk


@pytest.mark.parametrize("word", ["workbench", "工作台", "1"])
def test_a_picture_of_a_screen_is_written(demo: Yk, home: Path, word: str) -> None:
    file = home / "画面.svg"
    done = demo("tui", "--screen", word, "--shot", str(file), "--size", "80x24")
    assert (done.code, done.out) == (0, "")
    assert "已写入" in done.err
    svg = file.read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert ">工作台" in svg.replace("&#160;", "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_picture_of_an_order_opens_it(demo: Yk, home: Path) -> None:
    case = demo("case", "open", "更名", "--customer", "1016000001", "--json").json["case"]
    file = home / "工单.svg"
    answer = demo("tui", "--case", case, "--shot", str(file), "--json").json
    assert answer == {"file": str(file), "columns": 120, "rows": 40}
    assert case in file.read_text(encoding="utf-8")


def test_the_theme_is_that_of_the_option_else_of_the_setting(
    demo: Yk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "a.svg"
    demo("tui", "--screen", "1", "--theme", "paper", "--shot", str(file))
    paper = file.read_text(encoding="utf-8")
    monkeypatch.setenv("YK_THEME", "paper")
    demo("tui", "--screen", "1", "--shot", str(file))
    assert file.read_text(encoding="utf-8") == paper
    demo("tui", "--screen", "1", "--theme", "deep", "--shot", str(file))
    assert file.read_text(encoding="utf-8") != paper


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--screen", "工作抬"], "是不是想写 工作台"),
        (["--shot", "a.svg", "--size", "big"], "列x行"),
        (["--shot", "a.svg", "--size", "10x10"], "列 60 到 400"),
        (["--screen", "1"], "终端界面要在终端里打开"),
        (["--theme", "蓝"], "deep"),
    ],
)
def test_what_is_wrong_is_said_with_exit_2(demo: Yk, words: list[str], said: str) -> None:
    done = demo("tui", *words)
    assert done.code == 2
    assert said in done.err


def test_a_missing_store_is_exit_3_and_no_picture(
    yk: Yk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YK_STORE", f"sqlite:///{home}/nowhere.db")
    done = yk("tui", "--screen", "1", "--shot", str(home / "a.svg"))
    assert done.code == 3
    assert "还没有存储" in done.err
    assert not (home / "a.svg").exists()


def test_an_unknown_operator_is_told(demo: Yk, home: Path) -> None:
    done = demo("tui", "--operator", "nobody", "--screen", "1", "--shot", str(home / "a.svg"))
    assert done.code == 2
    assert "没有 nobody 这个经办人" in done.err


def test_the_keys_are_listed_with_their_ids(yk: Yk) -> None:
    rows = yk("tui", "-K", "--json").json
    assert {"screen": "环节办理", "keys": "f9", "name": "发送", "id": "step.send"}.items() <= next(
        row.items() for row in rows if row["id"] == "step.send"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("step.sent: f2\n", "是不是想写 step.send"),
        ("step.send: ''\n", "没有写键"),
        ("step.send: [\n", "keys.yaml"),
    ],
)
def test_a_mistake_in_the_users_keys_is_told_with_its_place(
    demo: Yk, home: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    (home / "yk").mkdir(exist_ok=True)
    (home / "yk" / "keys.yaml").write_text(text, encoding="utf-8")
    done = demo("tui", "--screen", "1", "--shot", str(home / "a.svg"))
    assert done.code == 2
    assert said in done.err
    assert "keys.yaml" in done.err


def test_the_users_keys_stand_on_the_screen(demo: Yk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    (home / "yk").mkdir(exist_ok=True)
    (home / "yk" / "keys.yaml").write_text("workbench.new: f2\n", encoding="utf-8")
    demo("tui", "--screen", "1", "--shot", str(home / "a.svg"))
    assert ">f2<" in (home / "a.svg").read_text(encoding="utf-8")
