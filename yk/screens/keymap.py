"""Keys: how they are written on screens, and the user's own keys (`keys.yaml` beside `config.yaml`).

The file says for an action's id which keys do it: `step.send: f9, ctrl+s`. `yk tui --keys` lists every id.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from yk import yamls
from yk.files import config_folder
from yk.text import did_you_mean

EVERY = "各屏"
"""Where keys belong that work on every screen, in the table of keys."""
_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "minus": "-",
    "plus": "+",
    "asterisk": "*",
    "comma": ",",
    "full_stop": ".",
    "equals_sign": "=",
    "enter": "回车",
    "escape": "esc",
    "space": "空格",
    "tab": "tab",
    "shift+tab": "⇧tab",
    "up": "上",
    "down": "下",
    "left": "左",
    "right": "右",
    "pageup": "上页",
    "pagedown": "下页",
    "home": "首",
    "end": "尾",
    "delete": "del",
    "backspace": "退格",
}


def key_text(key: str) -> str:
    """A key as people read it: `^p`, `f9`, `?`."""
    base = key.removeprefix("ctrl+")
    return ("^" if base != key else "") + _NAMES.get(base, base)


def keymap_file() -> Path:
    """The user's keys (may not exist)."""
    return config_folder() / "keys.yaml"


def own_keys(path: Path | None = None) -> dict[str, str]:
    """Action id -> keys as the user's file says. Raises UsageError with file, line and the nearest id."""
    path = path or keymap_file()
    if not path.exists() or not path.read_bytes().strip():
        return {}
    from yk.screens.keys import action_ids

    fields, ids = yamls.read(path).fields(), sorted(action_ids())
    found = {}
    for name in fields.keys():  # noqa: SIM118  (not a mapping: keys() makes them known)
        if name not in ids:
            raise fields.key_node(name).error(
                "unknown_key_id", f"没有 {name} 这个动作", did_you_mean(name, ids)
            )
        node = fields.need(name)
        keys = ",".join(key.strip() for key in node.text().split(","))
        if not keys.strip(","):
            raise node.error("bad_key", f"{name} 没有写键", "如 f9 或 ctrl+s，几个键用逗号分开")
        if unknown := next((key for key in keys.split(",") if not _is_key(key)), ""):
            raise node.error(
                "unknown_key", f"没有 {unknown} 这个键", "如 f9、ctrl+s、slash、pageup 或一个字符"
            )
        found[name] = keys
    for name in found:
        if clash := _clash(found, name):
            raise fields.need(name).error("key_taken", *clash)
    return found


def _is_key(key: str) -> bool:
    """Is there a key with this name?"""
    from unicodedata import lookup

    from textual.keys import Keys

    base = key
    for more in ("ctrl+", "alt+", "shift+"):
        base = base.removeprefix(more)
    if len(base) == 1 or base in _NAMES or base in {one.value for one in Keys}:
        return True
    try:
        return bool(lookup(base.replace("_", " ")))
    except KeyError:
        return False


def _clash(own: Mapping[str, str], name: str) -> tuple[str, str] | None:
    """What else on the same screen has a key that the file gives to `name`: message and hint."""
    from yk.screens.keys import key_table

    table = key_table()
    mine = next(line for line in table if line.id == name)
    wanted = {_shown(key) for key in own[name].split(",")}
    for line in table:
        keys = {_shown(key) for key in own[line.id].split(",")} if line.id in own else set(line.keys.split())
        meet = line.screen == mine.screen or EVERY in (line.screen, mine.screen)
        if line.id != name and meet and (taken := wanted & keys) and not wanted <= set(mine.keys.split()):
            key = sorted(taken)[0]
            return f"{key} 已经是 {line.id}（{line.name}）的键", f"也给 {line.id} 换一个键，或用别的键"
    return None


def _shown(key: str) -> str:
    return key if len(key) == 1 else key_text(key)
