"""Finding entries of the manual by words: titles, codes, pinyin initials, flow names, and every text that is written.

An entry's head is its titles, code, initials and flow. A text is found when each word stands in it or in its entry's
head, and one at least in the text itself. Better matches come first: the entry named, then titles, then what is said
of this entry only, then what an archetype says of many.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls
from yk.flows.catalogue import FOLDER, PREFIX, SOURCE, Listing, catalogue
from yk.text import halfwidth, nearest

_EXACT, _TITLE, _FLOW, _OPENING, _INSIDE, _TEXT = range(6)
"""Ranks of a match; a text adds 1 when words stand only in its entry's head, 2 when it is an archetype's."""
_KINDS = {
    "risks": "风险点",
    "controls": "预控措施",
    "requirements": "作业要求",
    "procedure": "作业内容及步骤",
    "conduct": "行为规范",
}
"""The kinds of texts, those that matter most first."""
_STATEMENTS = tuple(_KINDS)[2:]
_SYNONYMS = FOLDER / "synonyms.csv"
_CODE = re.compile(r"(?:yxzy-)?(?:yy-?)?(\d+)")


class Found(NamedTuple):
    """One match: where it stands in words, the text, and the public id of a risk or control ('' for others)."""

    code: str
    title: str
    where: str
    text: str
    id: str


def search(words: Iterable[str]) -> list[Found]:
    """What matches all `words`, best first; no words find nothing."""
    wanted = [folded for word in words for folded in _fold(word).split()]
    if not wanted:
        return []
    heads = {item.code: _Head(item) for item in catalogue().values()}
    ranked = [*_in_heads(heads.values(), wanted), *_in_texts(heads, wanted)]
    ranked.sort(key=lambda pair: pair[0])
    return [found for _, found in ranked]


def nearby(words: Iterable[str]) -> str:
    """A hint with the title or flow that is most like the words, or ''."""
    from yk.flows.flow import flow_titles

    wanted = "".join(words)
    known = [name for item in catalogue().values() for name in (item.flow_name, item.title)]
    if wanted in flow_titles() and wanted not in known:
        return f"{wanted}不在手册的目录里，是教程才有的流程：yk flow show {wanted}"
    best = nearest(wanted, known)
    return f"是不是想找 {best}？" if best else ""


def _fold(text: str) -> str:
    """As texts and words are compared: half width, no case, one word for one thing."""
    folded = halfwidth(text).casefold()
    for word, standard in _synonyms():
        folded = folded.replace(word, standard)
    return folded


@cache
def _synonyms() -> tuple[tuple[str, str], ...]:
    """(word, standard word): the manual itself says 交费 here and 缴费 there."""
    with _SYNONYMS.open(encoding="utf-8", newline="") as file:
        return tuple((row["word"], row["standard"]) for row in csv.DictReader(file))


class _Head:
    """What an entry is called, folded for comparison."""

    def __init__(self, item: Listing) -> None:
        self.item = item
        self.number = item.code.removeprefix(PREFIX)
        self.names = [_fold(name) for name in (item.title, item.printed_title, item.flow_name)]
        self.letters = (item.initials, item.flow)

    def rank(self, word: str) -> int | None:
        """How well `word` names the entry; None when it does not."""
        named = _CODE.fullmatch(word)
        if named and named[1] == self.number:
            return _EXACT
        title, printed, flow = self.names
        if word in (title, printed):
            return _TITLE
        if word in (flow, self.item.flow) or word == self.item.initials[: len(flow)]:
            return _FLOW
        if any(name.startswith(word) for name in (*self.names, *self.letters)):
            return _OPENING
        return _INSIDE if any(word in name for name in (*self.names, *self.letters)) else None


Ranked = tuple[tuple[Any, ...], Found]


def _in_heads(heads: Iterable[_Head], wanted: Sequence[str]) -> Iterator[Ranked]:
    for place, head in enumerate(heads):
        ranks = [head.rank(word) for word in wanted]
        known = [rank for rank in ranks if rank is not None]
        if len(known) == len(ranks):
            item = head.item
            misprint = f"（原印：{item.printed_title}）" if item.printed_title != item.title else ""
            found = Found(item.code, item.title, "作业项", f"{item.title}{misprint}", item.code)
            yield (max(known), 0, place), found


def _in_texts(heads: dict[str, _Head], wanted: Sequence[str]) -> Iterator[Ranked]:
    order = {code: place for place, code in enumerate(heads)}
    naming = {code: [word for word in wanted if head.rank(word) is not None] for code, head in heads.items()}
    for kind, where, text, folded, ident, own, codes in _index():
        outside = [word for word in wanted if word not in folded]
        if len(outside) == len(wanted):
            continue
        for code in codes:
            if all(word in naming[code] for word in outside):
                rank = _TEXT + bool(outside) + (0 if own else 2)
                public = f"{code}.{ident}" if ident else ""
                yield (
                    (rank, kind, order[code], where),
                    Found(code, heads[code].item.title, where, text, public),
                )


def _index() -> list[list[Any]]:
    """`[kind, where, text, folded text, id, own, [code…]]` of every text; what many entries share stands once."""
    written = [
        path for folder in ("entries", "archetypes") for path in sorted((FOLDER / folder).glob("*.yaml"))
    ]
    sources = [SOURCE, _SYNONYMS, Path(__file__).with_name("entries.py"), *written]
    made: list[list[Any]] = yamls.compiled("search", sources, _build)
    return made


def _build() -> list[list[Any]]:
    from yk.flows.entries import entries_of

    shared: dict[tuple[Any, ...], list[str]] = {}
    for flow in dict.fromkeys(item.flow for item in catalogue().values()):
        for code, entry in entries_of(flow).items():
            for key in _texts(entry):
                shared.setdefault(key, []).append(code)
    return [[*key, codes] for key, codes in shared.items()]


def _texts(entry: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The first six columns of the index for one entry."""
    prefix = f"{entry['code']}."
    for section in entry["sections"]:
        where = f"{section['no']} {section['name']}："
        for kind in _STATEMENTS:
            for item in section[kind]:
                yield _row(kind, where, item["text"], "", item["own"])
        for risk in section["risks"]:
            yield _row("risks", where, risk["text"], risk["id"].removeprefix(prefix), risk["own"])
            for control in risk["controls"]:
                ident = control["id"].removeprefix(prefix)
                yield _row("controls", where, control["text"], ident, risk["own"])


def _row(kind: str, where: str, text: str, ident: str, own: bool) -> tuple[Any, ...]:
    return list(_KINDS).index(kind), where + _KINDS[kind], text, _fold(text), ident, own
