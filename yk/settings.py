"""Named settings: default, meaning, source, confidence; overridden by config.yaml and by YK_<NAME>."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls
from yk.errors import UsageError
from yk.files import config_folder
from yk.text import did_you_mean

SOURCE = Path(__file__).with_name("settings.yaml")
Value = str | int | bool


class Setting(NamedTuple):
    """One setting; `origin` says where the present value came from (default, file or variable)."""

    name: str
    type: str
    default: Value
    text: str
    source: str
    confidence: str
    unit: str
    pattern: str
    wanted: str
    value: Value
    origin: str


class Settings(Mapping[str, Value]):
    """The settings in force, by name."""

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        self._settings = dict(settings)

    def __getitem__(self, name: str) -> Value:
        return self._settings[name].value

    def __iter__(self) -> Iterator[str]:
        return iter(self._settings)

    def __len__(self) -> int:
        return len(self._settings)

    def all(self) -> list[Setting]:
        """Every setting with its value and origin."""
        return list(self._settings.values())

    def text(self, name: str) -> str:
        """A text setting."""
        return str(self[name])

    def integer(self, name: str) -> int:
        """A whole-number setting."""
        return int(self[name])

    def with_values(self, **values: Value) -> Settings:
        """The same settings with some values replaced (lessons, tests)."""
        changed = {n: self._settings[n]._replace(value=v, origin="程序") for n, v in values.items()}
        return Settings(self._settings | changed)


def config_file() -> Path:
    """The user's config.yaml (may not exist); `YK_CONFIG` names another one."""
    return Path(os.environ.get("YK_CONFIG") or config_folder() / "config.yaml")


def declared() -> list[Setting]:
    """Every setting with its default value, whatever files and variables say."""
    return [_declared(row) for row in yamls.compiled("settings", [SOURCE], _read_declared)]


def defaults() -> Settings:
    """Every setting at its default, whatever files and variables say (scenarios, drills)."""
    return Settings({setting.name: setting for setting in declared()})


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. Raises UsageError with file, line and key when the configuration is wrong."""
    variables = os.environ if environ is None else environ
    settings = {setting.name: setting for setting in declared()}
    for name, value, origin in _file_values(config_file(), settings):
        settings[name] = settings[name]._replace(value=value, origin=origin)
    for name, setting in settings.items():
        variable = f"YK_{name.upper()}"
        if variables.get(variable):
            value = _from_text(setting, variables[variable], f"环境变量 {variable}")
            settings[name] = setting._replace(value=value, origin=variable)
    return Settings(settings)


def set_value(name: str, text: str) -> Setting:
    """Write one setting to config.yaml, keeping the others. Raises UsageError."""
    from yk.files import write_atomic

    settings = {setting.name: setting for setting in declared()}
    if name not in settings:
        raise UsageError("unknown_setting", f"没有 {name} 这个设置", did_you_mean(name, settings))
    path = config_file()
    values = {n: v for n, v, _ in _file_values(path, settings)}
    values[name] = _from_text(settings[name], text, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{n}: {_as_yaml(v)}" for n, v in sorted(values.items())]
    write_atomic(path, ("\n".join(lines) + "\n").encode())
    return settings[name]._replace(value=values[name], origin=str(path))


def _read_declared() -> list[dict[str, Any]]:
    rows = []
    for node in yamls.read(SOURCE, "settings.yaml").nodes():
        with node.fields() as f:
            row: dict[str, Any] = {key: f.text(key) for key in ("name", "text", "source", "confidence")}
            row["type"] = f.need("type").one_of(("text", "integer", "boolean"))
            row["unit"] = f.text("unit", "")
            row["pattern"], row["wanted"] = f.text("pattern", ""), f.text("wanted", "")
            row["default"] = _typed(f.need("default"), row["type"])
            rows.append(row)
    return rows


def _declared(row: dict[str, Any]) -> Setting:
    return Setting(**row, value=row["default"], origin="缺省")


def _typed(node: yamls.Node, kind: str) -> Value:
    if kind == "integer":
        return node.integer()
    return node.boolean() if kind == "boolean" else node.text()


def _file_values(path: Path, declared: Mapping[str, Setting]) -> Iterator[tuple[str, Value, str]]:
    """The values the user's file sets; a missing or empty file sets none."""
    if not path.exists() or not path.read_bytes().strip():
        return
    fields = yamls.read(path).fields()
    for name in fields.keys():  # noqa: SIM118  (not a mapping: keys() makes them known)
        if name not in declared:
            raise fields.key_node(name).error(
                "unknown_setting", f"没有 {name} 这个设置", did_you_mean(name, declared)
            )
        node = fields.need(name)
        value = _typed(node, declared[name].type)
        if not _fits(declared[name], str(value)):
            raise node.error("bad_setting", f"{name} 的值 {value} 不对，应是{declared[name].wanted}")
        yield name, value, f"{path} 第 {node.line} 行"


def _fits(setting: Setting, text: str) -> bool:
    """Is `text` a value the setting allows?"""
    return not setting.pattern or re.fullmatch(setting.pattern, text) is not None


def _from_text(setting: Setting, text: str, where: str) -> Value:
    if not _fits(setting, text):
        raise UsageError("bad_setting", f"{where} 的值 {text} 不对，应是{setting.wanted}")
    if setting.type == "text":
        return text
    if setting.type == "integer" and text.removeprefix("-").isdecimal():
        return int(text)
    if setting.type == "boolean" and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    wanted = {"integer": "整数", "boolean": "true 或 false"}[setting.type]
    raise UsageError("bad_setting", f"{where} 的值 {text} 不对，应是{wanted}")


def _as_yaml(value: Value) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
