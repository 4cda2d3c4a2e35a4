"""The code lists of the archive (`codes.yaml`): a code and its Chinese name, with source and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from yk import yamls
from yk.errors import UsageError
from yk.text import did_you_mean, halfwidth, same_name

SOURCE = Path(__file__).with_name("codes.yaml")


class CodeList(NamedTuple):
    """One list: `items` maps code to Chinese name; `confidence` (高, 中, 低) speaks of the code values."""

    name: str
    zh: str
    source: str
    confidence: str
    items: Mapping[str, str]


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Every list by its name."""
    rows = yamls.compiled("codes", [SOURCE], _read)
    lists = [CodeList(**row | {"items": MappingProxyType(row["items"])}) for row in rows]
    return MappingProxyType({one.name: one for one in lists})


def codes(name: str) -> Mapping[str, str]:
    """Code to Chinese name of one list. Raises UsageError (`unknown_code_list`)."""
    known = code_lists()
    if name not in known:
        raise UsageError("unknown_code_list", f"没有 {name} 这个代码表", did_you_mean(name, known))
    return known[name].items


def name_of(name: str, code: str) -> str:
    """The Chinese name of `code` in the list `name`; a code that is not in it is its own name."""
    return codes(name).get(code, code)


def code_of(name: str, text: str) -> str | None:
    """The code that `text` means in the list `name`: a code or a Chinese name; None when it is neither."""
    items, wanted = codes(name), halfwidth(text)
    if wanted in items:
        return wanted
    return next((code for code, zh in items.items() if same_name(zh, wanted)), None)


def _read() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for node in yamls.read(SOURCE, "codes.yaml").nodes():
        with node.fields() as f:
            row: dict[str, Any] = {"name": f.text("list"), "zh": f.text("zh"), "source": f.text("source")}
            row["confidence"] = f.need("confidence").one_of(("高", "中", "低"))
            items = f.need("items").fields()
            row["items"] = {code: items.text(code) for code in items.keys()}  # noqa: SIM118
            if any(row["name"] == other["name"] for other in rows):
                raise node.error("duplicate_list", f"代码表 {row['name']} 写了两次")
            rows.append(row)
    return rows
