"""Comparing what was wanted with what is there: values, texts that contain, patterns, sizes, anything, nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.scenario.result import Miss
from yk.scenario.scenario import Place
from yk.scenario.written import Map

ANYTHING, NOTHING = ("任意", "any"), ("无", "none")
_SIZE = re.compile(r"(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)")
_TESTS = {">=": float.__ge__, "<=": float.__le__, ">": float.__gt__, "<": float.__lt__}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_CLOSE = 1e-9


def is_matcher(wanted: Any) -> bool:
    """Is it a text that says what a value must be like, not what it is?"""
    return isinstance(wanted, str) and (
        wanted in (*ANYTHING, *NOTHING) or wanted.startswith("~") or pattern_in(wanted) is not None
    )


def pattern_in(wanted: str) -> str | None:
    """What stands between the bars of `/pattern/`; None in any other text."""
    return wanted[1:-1] if len(wanted) > 2 and wanted[0] == wanted[-1] == "/" else None


def fits(wanted: Any, found: Any) -> bool:
    """Does a single value fit? `~text` contains, `/pattern/` matches, `>= n` compares, 任意 is anything, 无 nothing."""
    if isinstance(wanted, str):
        if wanted in ANYTHING:
            return not _is_nothing(found)
        if wanted in NOTHING:
            return _is_nothing(found)
        if wanted.startswith("~"):
            return wanted[1:] in _text(found)
        if (pattern := pattern_in(wanted)) is not None:
            return re.search(pattern, _text(found)) is not None
        if (size := _SIZE.fullmatch(wanted)) is not None:
            return _is_number(found) and bool(_TESTS[size[1]](float(found), float(size[2])))
    if wanted is None:
        return _is_nothing(found)
    if isinstance(wanted, str) and _is_number(found) and _NUMBER.fullmatch(wanted):
        wanted = float(wanted)  # written in quotes, or in a text: '128.50'
    if _is_number(wanted) and _is_number(found):
        return bool(abs(wanted - found) < _CLOSE)
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    return bool(wanted == found) or (_is_plain(wanted) and _is_plain(found) and str(wanted) == str(found))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _is_nothing(value: Any) -> bool:
    return value in (None, "", [], {}, ())


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def compare(
    wanted: Any, found: Any, where: str, place: Place | None, names: Mapping[str, str] | None = None
) -> Iterator[Miss]:
    """Every place where the two differ: mappings are compared for the keys that are wanted, lists as a whole. `names` are
    what keys are called in reports."""
    if isinstance(wanted, Mapping):
        if not isinstance(found, Mapping):
            yield Miss(where, called(wanted, names), found, place)
            return
        for key, value in wanted.items():
            at = wanted.place(key) if isinstance(wanted, Map) else place
            yield from compare(value, found.get(key), f"{where}.{(names or {}).get(key, key)}", at, names)
    elif isinstance(wanted, list | tuple):
        if not isinstance(found, list | tuple) or len(wanted) != len(found):
            yield Miss(where, list(wanted), found, place)
            return
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from compare(one, other, f"{where}[{number + 1}]", place, names)
    elif not fits(wanted, found):
        yield Miss(where, wanted, found, place)


def called(row: Mapping[str, Any], names: Mapping[str, str] | None) -> dict[str, Any]:
    """A row with its keys as reports call them."""
    return {(names or {}).get(key, key): value for key, value in row.items()}


def among(
    wanted: Sequence[Any],
    rows: Sequence[Mapping[str, Any]],
    where: str,
    place: Place,
    names: Mapping[str, str] | None = None,
) -> Iterator[Miss]:
    """Each wanted row must be among the rows; one with `count` must be there so many times. The nearest row is told."""
    for one in wanted:
        if not isinstance(one, Mapping):
            one = {"text": one}
        at = one.place() if isinstance(one, Map) else place
        keys = {key: value for key, value in one.items() if key != "count"}
        fitting = [row for row in rows if not list(compare(keys, row, "", at))]
        if "count" in one:
            if not fits(one["count"], len(fitting)):
                yield Miss(f"{where}的数目", one["count"], len(fitting), at, _shown(called(keys, names)))
        elif not fitting:
            nearest = min(rows, key=lambda row: len(list(compare(keys, row, "", at))), default=None)
            hint = "最接近的一条如右" if nearest is not None else "一条也没有"
            near = {key: nearest.get(key) for key in keys} if nearest is not None else None
            found = None if near is None else called(near, names)
            yield Miss(f"{where}含一条", called(keys, names), found, at, hint)


def _shown(keys: Mapping[str, Any]) -> str:
    return "、".join(f"{key}={value}" for key, value in keys.items())
