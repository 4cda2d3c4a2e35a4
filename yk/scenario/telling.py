"""What became of a scenario, in words: the reason first, then every step, every expectation that did not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from yk.flows.flow import flow_names
from yk.scenario.refusing import CODES
from yk.scenario.result import DONE, FAILED, REFUSED, WAITING, Miss, Result, Told
from yk.scenario.scenario import Place
from yk.text import cell_len, clip, fold, pad, plain

_MOST_LINES = 4
"""Lines one cell of the table may take; what is longer ends in …"""
_REASON_WIDTH = 160
_GAP = "  "
_HEAD = 6
"""Cells before the text of a step: its mark (⚡ takes two) and number."""
_FILE = 20
"""Cells the name of another file may take where a step or an expectation is written."""


def reason(result: Result) -> str:
    """Why the scenario failed, was passed over or is known to fail, in one line; '' when it just passed."""
    scenario = result.scenario
    if result.skipped:
        return f"跳过：{plain(result.skipped)}"
    if scenario.xfail and result.passed:
        return f"已知缺陷不再出现，请去掉这个记号：{plain(scenario.xfail)}"
    if scenario.xfail:
        return f"已知缺陷：{plain(scenario.xfail)}"
    return _failure(result)


def explain(result: Result, width: int = 100) -> list[str]:
    """A scenario that failed, as lines of at most `width` cells (the first, the reason, may be longer): where it
    is, its steps, a table of what was expected and what was there, the last lines of the log."""
    first = reason(result) if result.failed else _failure(result) or reason(result)
    lines = [first, f"  {result.scenario.place}", *_heading(result, width)]
    lines += [_GAP + line for line in (*steps_told(result, width - 2), *_table(result, width - 2))]
    if result.history:
        lines += [f"{_GAP}最近流水", *_indented(result.history, width, "    ")]
    return [line.rstrip() for line in lines]


def steps_told(result: Result, width: int = 100) -> list[str]:
    """The steps alone: mark, number, text folded under itself; at the right where each is written."""
    file = result.scenario.place.file
    places = [_where(told.place, file) for told in result.log]
    room = width - _HEAD - len(_GAP) - max(map(cell_len, places), default=0)
    return [line for told, place in zip(result.log, places, strict=True) for line in _step(told, place, room)]


def line_of(result: Result) -> str:
    """A scenario in one line of a list: mark, number, name, steps, seconds, and the reason if there is one."""
    scenario = result.scenario
    name = scenario.name if scenario.id == scenario.name else f"{scenario.id} {scenario.name}"
    parts = [f"{mark_of(result)} {plain(name)}"]
    if not result.skipped:
        parts += [f"{len(result.log)} 步", f"{result.seconds:.2f} 秒"]
    return _GAP.join([*parts, *filter(None, [reason(result)])])


def mark_of(result: Result) -> str:
    """One mark for the whole scenario: passed, failed, failed as known, not run."""
    if result.skipped:
        return WAITING
    if result.failed:
        return FAILED
    return REFUSED if result.scenario.xfail else DONE


def value_text(value: Any) -> str:
    """A value as reports show it, in one line."""
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "{" + "，".join(f"{plain(str(k))}: {value_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return "、".join(map(value_text, items)) or "空"
    return plain(str(value)) or "空"


def _failure(result: Result) -> str:
    """The title and the first expectation that did not hold."""
    if not result.misses:
        return plain(result.title)
    miss = result.misses[0]
    told = f"{plain(miss.where)} 期望 {value_text(miss.wanted)} 实际 {value_text(miss.found)}"
    if miss.where == CODES and miss.hint:
        told = f"{plain(miss.hint)}；{told}"  # of a dozen reasons the one too many is what one wants to know
    return clip(f"{plain(result.title)}：{told}" if result.title else told, _REASON_WIDTH)


def _heading(result: Result, width: int) -> list[str]:
    scenario = result.scenario
    name = scenario.name if scenario.id == scenario.name else f"{scenario.name}（{scenario.id}）"
    told = [f"场景  {plain(name)}"]
    if scenario.flow:
        told.append(f"流程  {flow_names().get(scenario.flow, (scenario.flow,))[0]}")
    if result.clock:
        told.append(f"时钟  {result.clock}")
    line = (_GAP * 2).join(told)
    lines = [line] if cell_len(line) <= width - 2 else told
    return [_GAP + clip(one, width - 2) for one in lines]


def _indented(texts: Iterable[str], width: int, margin: str) -> list[str]:
    return [margin + line for one in texts for line in fold(plain(one), width - len(margin))]


def _step(told: Told, place: str, room: int) -> list[str]:
    first, *rest = fold(plain(told.text), room) or [""]
    head = f"{pad(told.mark, 2)}{told.number:>3} "
    return [f"{head}{pad(first, room)}{_GAP}{place}", *(" " * _HEAD + line for line in rest)]


def _where(place: Place, file: str) -> str:
    """`第 11 行`, with the file when it is another one than the scenario's."""
    if place.file == file:
        return f"第 {place.line} 行"
    return f"{clip(PurePath(place.file).name, _FILE)}:{place.line}"


# -- the table -----------------------------------------------------------------------------------------------
def _table(result: Result, width: int) -> list[str]:
    """位置, 期望, 实际 and the line of the file, each miss with what may help under it."""
    if not result.misses:
        return []
    file = result.scenario.place.file
    rows = [_cells(miss, file, width * _MOST_LINES) for miss in result.misses]
    head = ["位置", "期望", "实际", "出处" if any(row[3] for row in rows) else ""]
    widths = _widths([head, *rows], width)
    lines = _row(head, widths)
    for miss, row in zip(result.misses, rows, strict=True):
        lines += _row(row, widths)
        if miss.hint:
            margin = min(widths[0], width // 4) + 2
            first, *rest = fold(plain(miss.hint), width - margin - 2) or [""]
            lines += [f"{' ' * margin}↳ {first}", *(" " * (margin + 2) + line for line in rest)]
    return lines


def _cells(miss: Miss, file: str, most: int) -> list[str]:
    """Place, wanted, found, line of the file; no text longer than `most` cells."""
    texts = (plain(miss.where), value_text(miss.wanted), value_text(miss.found))
    return [*(clip(text, most) for text in texts), _where(miss.place, file) if miss.place else ""]


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths of the columns: what they need; where that is too much, the widest of the first three gives way."""
    widths = [max(cell_len(row[n]) for row in rows) for n in range(4)]
    room = width - 3 * len(_GAP)
    while sum(widths) > room and max(widths[:3]) > 8:
        widths[widths.index(max(widths[:3]))] -= 1
    return widths


def _row(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """A row of the table, as many lines as its longest cell needs."""
    folded = [_cell(text, size) for text, size in zip(cells, widths, strict=True)]
    height = max(map(len, folded))
    columns = [lines + [""] * (height - len(lines)) for lines in folded]
    return [
        _GAP.join(pad(part, size) for part, size in zip(parts, widths, strict=True))
        for parts in zip(*columns, strict=True)
    ]


def _cell(text: str, width: int) -> list[str]:
    """A cell's lines, none wider than `width`, the last ending in … when there is more."""
    lines = fold(text, width) if width else [""]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], clip(lines[_MOST_LINES - 1] + "…" * width, width)]
    return lines
