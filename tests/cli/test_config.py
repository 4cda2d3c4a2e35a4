"""`yk config`: what is set, where, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Yk


@pytest.fixture
def file(home: Path) -> Path:
    """The config.yaml of the test's own home."""
    path = home / "home" / "xdg_config_home" / "yk" / "config.yaml"
    path.parent.mkdir(parents=True)
    return path


def test_show_says_where_each_value_comes_from(yk: Yk, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("application_prefix: '09'\n")
    monkeypatch.setenv("YK_DAY_CLOSES", "18:00")
    shown = {s["name"]: (s["value"], s["origin"]) for s in yk("config", "show", "--json").json}
    assert shown["application_prefix"] == ("09", f"{file} 第 1 行")
    assert shown["day_closes"] == ("18:00", "YK_DAY_CLOSES")
    assert shown["verify_every"] == (1000, "缺省")


def test_show_can_name_some(yk: Yk) -> None:
    result = yk("config", "show", "separation_of_duties")
    assert result.out.splitlines()[0].split() == ["设置", "值", "单位", "来自", "说明"]
    assert result.out.splitlines()[2].split()[:3] == ["separation_of_duties", "true", "缺省"]
    assert len(result.out.splitlines()) == 3
    assert yk("config", "show", "day_close").err.endswith("是不是想写 day_closes？\n")


def test_path_names_the_file(yk: Yk, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert yk("config", "path").out == f"{file}\n"
    assert yk("config", "path", "--json").json == {"path": str(file), "exists": False}
    monkeypatch.setenv("YK_CONFIG", "/elsewhere.yaml")
    assert yk("config", "path").out == "/elsewhere.yaml\n"


def test_set_writes_one_and_keeps_the_others(yk: Yk, file: Path) -> None:
    file.write_text("operator: trainer\n")
    result = yk("config", "set", "lamp_warn_days", "5")
    assert result == (0, "", f"已设 lamp_warn_days = 5，写入 {file}\n")
    assert file.read_text() == 'lamp_warn_days: 5\noperator: "trainer"\n'
    answer = yk("config", "set", "separation_of_duties", "false", "--json").json
    assert answer == {"name": "separation_of_duties", "value": False, "file": str(file)}


@pytest.mark.parametrize(
    ("name", "value", "code"), [("lamp", "5", "unknown_setting"), ("verify_every", "x", "bad_setting")]
)
def test_set_refuses_what_is_no_setting(yk: Yk, file: Path, name: str, value: str, code: str) -> None:
    result = yk("config", "set", name, value, "--json")
    assert (result.code, result.json["error"]["code"]) == (2, code)
    assert not file.exists()


def test_validate_finds_file_line_and_key(yk: Yk, file: Path) -> None:
    file.write_text("operator: trainer\nday_open: '09:00'\n")
    result = yk("config", "validate")
    assert (result.code, result.out) == (2, "")
    assert f"{file} 第 2 行：没有 day_open 这个设置" in result.err
    assert "是不是想写 day_closes？" in result.err
    file.write_text("operator: trainer\n")
    assert yk("config", "validate", "--json").json == {
        "valid": True,
        "file": str(file),
        "changed": ["operator"],
    }
    assert "没有问题" in yk("config", "validate").err
