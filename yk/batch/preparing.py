"""A list made ready for judging: rows numbered, repeated ones found, the meters of one account brought together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from yk.batch.asking import Asked, Problem
from yk.batch.kinds import Kind
from yk.batch.lists import BatchList, Line
from yk.batch.lv_new import bare
from yk.batch.rows import BLOCKED, SKIPPED

Fixed = tuple[str, list[Problem]]
"""The status of a row that needs no judging, and why."""


def prepared(
    listing: BatchList, kind: Kind, constant: dict[str, Any]
) -> tuple[list[Asked], dict[int, Fixed]]:
    """The rows of the list, and by row number those that are decided already: unreadable, repeated.

    `constant` are values for columns that the list does not have.
    """
    asked = [_asked(number, line, kind, constant) for number, line in enumerate(listing.lines, start=1)]
    fixed: dict[int, Fixed] = {}
    for one, line in zip(asked, listing.lines, strict=True):
        if line.problems:
            fixed[one.row] = (BLOCKED, line.problems)
    _repeated(asked, fixed, kind)
    return asked, fixed


def _asked(number: int, line: Line, kind: Kind, constant: dict[str, Any]) -> Asked:
    given = {**constant, **line.values} if constant else line.values
    return Asked(number, line.line, str(given.get("cons_no") or ""), given)


def _repeated(asked: list[Asked], fixed: dict[int, Fixed], kind: Kind) -> None:
    """Rows of the same account: the same again is passed over, another meter is brought in, a contradiction stops both."""
    normal: Callable[[object], str] = bare if kind.key == "new_elec_addr" else lambda value: str(value or "")
    groups: dict[str, list[Asked]] = {}
    for one in asked:
        if one.row not in fixed and (word := normal(one.given.get(kind.key))):
            groups.setdefault(word, []).append(one)
    for word, rows in groups.items():
        if len(rows) > 1:
            _settle(asked, fixed, kind, word, rows)
    if any(column.name == "new_asset_no" for column in kind.columns):
        _assets_once(asked, fixed)


def _settle(
    asked: list[Asked], fixed: dict[int, Fixed], kind: Kind, word: str, rows: Sequence[Asked]
) -> None:
    first, label = rows[0], kind.column(kind.key).label
    meters = [str(one.given.get("asset_no") or "") for one in rows]
    if all(meters) and len(set(meters)) == len(meters):
        readings = {m: one.given.get("closing_reading") for m, one in zip(meters, rows, strict=True)}
        if None not in readings.values():
            asked[first.row - 1] = first._replace(given={**first.given, "readings": readings})
        for one in rows[1:]:
            text = f"第 {one.line} 行与第 {first.line} 行同户（{label} {word}）另一只表，并入第 {first.line} 行一起办"
            fixed[one.row] = (SKIPPED, [("merged_row", text)])
        return
    same = all(dict(one.given) == dict(first.given) for one in rows)
    for one in rows[1:] if same else rows:
        other = next(r for r in rows if r.row != one.row)
        if same:
            text = f"第 {one.line} 行与第 {first.line} 行重复（{label} {word}），只办第 {first.line} 行"
            fixed[one.row] = (SKIPPED, [("duplicate_row", text)])
        else:
            text = f"第 {one.line} 行与第 {other.line} 行是同一{label} {word}，内容却不同，核对后留一行"
            fixed[one.row] = (BLOCKED, [("duplicate_conflict", text)])


def _assets_once(asked: Sequence[Asked], fixed: dict[int, Fixed]) -> None:
    """A meter is put up at one household only."""
    rows = [one for one in asked if one.row not in fixed and one.given.get("new_asset_no")]
    used = Counter(str(one.given["new_asset_no"]) for one in rows)
    for one in rows:
        asset = str(one.given["new_asset_no"])
        if used[asset] > 1:
            lines = "、".join(str(other.line) for other in rows if other.given["new_asset_no"] == asset)
            fixed[one.row] = (
                BLOCKED,
                [("asset_repeated", f"新表 {asset} 写在第 {lines} 行，一只表只能装一户")],
            )
