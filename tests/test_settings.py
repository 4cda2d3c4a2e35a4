"""Named settings: default, file, variable, in rising order; every mistake named where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from yk import settings
from yk.errors import DefinitionError, UsageError


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's config file, not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = settings.config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_every_setting_says_what_it_means_where_it_comes_from_and_how_sure_that_is(config: Path) -> None:
    for one in settings.load({}).all():
        assert one.text
        assert one.source
        assert one.confidence in ("高", "中", "低")
        assert one.origin == "缺省"
        assert type(one.value) is {"text": str, "integer": int, "boolean": bool}[one.type]


def test_a_file_overrides_the_default_and_a_variable_the_file(config: Path) -> None:
    config.write_text("lamp_warn_days: 5\n", encoding="utf-8")
    assert settings.load({})["lamp_warn_days"] == 5
    loaded = settings.load({"YK_LAMP_WARN_DAYS": "7"})
    assert loaded.integer("lamp_warn_days") == 7
    origins = {one.name: one.origin for one in loaded.all()}
    assert origins["lamp_warn_days"] == "YK_LAMP_WARN_DAYS"
    assert origins["day_closes"] == "缺省"


def test_an_empty_variable_or_file_sets_nothing(config: Path) -> None:
    config.write_text("\n", encoding="utf-8")
    assert settings.load({"YK_LAMP_WARN_DAYS": ""})["lamp_warn_days"] == 3


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("lamp_warn_day: 5\n", "unknown_setting", "lamp_warn_days"),
        ("lamp_warn_days: 五\n", "wrong_type", "整数"),
        ("separation_of_duties: yes\n", "wrong_type", "true"),
        ("day_closes: 17:30\n", "wrong_type", "17:30"),
        ("lamp_warn_days: 5\nlamp_warn_days: 6\n", "duplicate_key", "两次"),
        ("lamp_warn_days: [\n", "bad_yaml", "YAML"),
        ("- 1\n", "wrong_type", "键"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_file_and_line(
    config: Path, text: str, code: str, part: str
) -> None:
    config.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        settings.load({})
    assert caught.value.code == code
    assert "config.yaml" in caught.value.message
    assert " 行" in caught.value.message
    assert part in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("YK_LAMP_WARN_DAYS", "五"),
        ("YK_LAMP_WARN_DAYS", "1.5"),
        ("YK_LAMP_WARN_DAYS", "--5"),
        ("YK_LAMP_WARN_DAYS", "²"),
        ("YK_SEPARATION_OF_DUTIES", "yes"),
    ],
)
def test_a_mistake_in_a_variable_names_the_variable(config: Path, variable: str, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings.load({variable: value})
    assert caught.value.code == "bad_setting"
    assert variable in caught.value.message
    assert value in caught.value.message


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_booleans_are_read_from_variables(config: Path, text: str, value: bool) -> None:
    assert settings.load({"YK_SEPARATION_OF_DUTIES": text})["separation_of_duties"] is value


def test_setting_one_keeps_the_others(config: Path) -> None:
    settings.set_value("lamp_warn_days", "5")
    settings.set_value("operator", "yes")
    settings.set_value("store", "R24：新")
    loaded = settings.load({})
    assert loaded["lamp_warn_days"] == 5
    assert loaded["operator"] == "yes"
    assert loaded["store"] == "R24：新"


@pytest.mark.parametrize(("name", "text"), [("lamp_warn_day", "5"), ("lamp_warn_days", "x")])
def test_a_wrong_setting_leaves_the_file_as_it_was(config: Path, name: str, text: str) -> None:
    config.write_text("lamp_warn_days: 5\n", encoding="utf-8")
    with pytest.raises(UsageError):
        settings.set_value(name, text)
    assert config.read_text(encoding="utf-8") == "lamp_warn_days: 5\n"


def test_settings_laid_over_leave_the_loaded_ones_alone(config: Path) -> None:
    loaded = settings.load({})
    changed = loaded.with_values(lamp_warn_days=9)
    assert changed["lamp_warn_days"] == 9
    assert loaded["lamp_warn_days"] == 3
    assert set(changed) == set(loaded)


@pytest.mark.parametrize(
    ("name", "text"), [("day_closes", "25:00"), ("lamp_warn_rule", "often"), ("application_prefix", "1")]
)
def test_a_value_outside_what_a_setting_allows_is_refused_wherever_it_comes_from(
    config: Path, name: str, text: str
) -> None:
    with pytest.raises(UsageError, match="应是"):
        settings.set_value(name, text)
    with pytest.raises(UsageError, match="应是"):
        settings.load({f"YK_{name.upper()}": text})
    config.write_text(f"{name}: '{text}'\n", encoding="utf-8")
    with pytest.raises(UsageError, match="第 1 行"):
        settings.load({})
