"""The words of scenario files: English ids and Chinese names of keys, acts, events, places (`words.yaml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from yk import yamls
from yk.text import did_you_mean

SOURCE = Path(__file__).with_name("words.yaml")


@cache
def words(section: str) -> dict[str, str]:
    """English id -> Chinese word of a section."""
    found: dict[str, dict[str, str]] = yamls.compiled("scenario-words", [SOURCE], _read)
    return found[section]


@cache
def _by_word(section: str) -> dict[str, str]:
    return {zh: en for en, zh in words(section).items()}


def known(section: str, word: str) -> str | None:
    """The English id meant by an English or Chinese word; None when the section does not have it."""
    return word if word in words(section) else _by_word(section).get(word)


def chinese(section: str, ident: str) -> str:
    """The Chinese word of an id; the id itself where the section does not have it."""
    return words(section).get(ident, ident)


def near(section: str, word: str) -> str:
    """A hint which word of a section may be meant, in the language of the wrong one."""
    pool = list(words(section)) if word.isascii() else list(words(section).values())
    return did_you_mean(word, pool) or f"可写：{'、'.join(pool)}"


def _read() -> dict[str, dict[str, str]]:
    with yamls.read(SOURCE, "words.yaml").fields() as f:
        return {section: _section(f.need(section)) for section in f.keys()}  # noqa: SIM118


def _section(node: yamls.Node) -> dict[str, str]:
    with node.fields() as f:
        made = {ident: f.text(ident) for ident in f.keys()}  # noqa: SIM118
    if len(set(made.values())) != len(made):
        raise node.error("twice", "同一节里有两个相同的中文词")
    return made
