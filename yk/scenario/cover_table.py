"""Coverage as text: under each flow a line a dimension, aligned in cells; the gates that are not passed, with every gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from yk.flows.flow import flow_name, load
from yk.scenario.cover import Figure, Figures, Gap
from yk.scenario.cover_names import Names
from yk.scenario.obligations import dimensions
from yk.text import cell_len, clip, pad

_BAR = 10
_SHOWN = 3
"""So many missing items a line names; a terminal's width may leave fewer."""
_GAP = "  "
Row = tuple[str, ...]


def table(figures: Figures, width: int | None = None) -> str:
    """The figures, no line wider than `width` cells; a dimension in which a flow owes nothing has no line."""
    parts = [(f"{flow_name(flow)}（{flow}）", list(_rows(flow, found))) for flow, found in figures.items()]
    if len(figures) > 1:
        parts.append((f"合计（{len(figures)} 个流程）", list(_totals(figures))))
    sizes = [
        max(map(cell_len, column)) for column in zip(*(row for _, rows in parts for row in rows), strict=True)
    ]
    lines = []
    for head, rows in parts:
        lines += [head, *(_GAP + _GAP.join(map(pad, row, [*sizes[:-1], 0])) for row in rows)]
    return "".join(f"{(line if width is None else clip(line, width)).rstrip()}\n" for line in lines)


def gaps(found: Sequence[Gap]) -> str:
    """Every gate that is not passed with every item that lacks, in words and as it is spelt; '' when all are."""
    return "".join(f"{line}\n" for gap in found for line in _gap(gap))


def _rows(flow: str, found: Mapping[str, Figure]) -> Iterator[Row]:
    """The lines of a flow."""
    names = Names(load(flow))
    for dimension, figure in found.items():
        if figure.of:
            missing = "、".join(names.of(dimension, item) for item in figure.missing[:_SHOWN])
            more = "…" if len(figure.missing) > _SHOWN else ""
            yield (
                *_measured(dimension, figure),
                f"缺 {len(figure.missing)}：{missing}{more}" if missing else "",
            )


def _totals(figures: Figures) -> Iterator[Row]:
    """The lines of all flows together."""
    for dimension in dimensions():
        figure = _sum(found[dimension] for found in figures.values())
        if figure.of:
            lacking = figure.of - figure.hit
            yield (*_measured(dimension, figure), f"缺 {lacking}" if lacking else "")


def _sum(figures: Iterable[Figure]) -> Figure:
    every = list(figures)
    return Figure(sum(one.hit for one in every), sum(one.of for one in every), ())


def _measured(dimension: str, figure: Figure) -> Row:
    """Name, count, bar and rate; the bar is full only when nothing is missing."""
    full = _BAR * figure.hit // figure.of
    bar = "█" * full + "░" * (_BAR - full)
    return dimensions()[dimension], f"{figure.hit}/{figure.of}", bar, f"{figure.percent:>3}%"


def _gap(gap: Gap) -> Iterator[str]:
    dimension, figure, names = gap.gate.dimension, gap.figure, Names(load(gap.flow))
    measured = f"{figure.hit}/{figure.of}（{figure.percent}%）"
    wanted = f"门槛 {float(gap.gate.percent):g}%，缺 {len(figure.missing)} 项："
    yield f"✗ {flow_name(gap.flow)} {dimensions()[dimension]} {measured}，{wanted}"
    yield from (f"  {names.of(dimension, item)}  {item}" for item in figure.missing)
