"""Putting made-up values in place of personal ones, the same for the same wherever it stands (`anonymising.yaml`).

Certificates and phone numbers keep their shape and their check characters, so that the checks of a flow go on as before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

from yk import yamls
from yk.archive.dictionary import entities
from yk.archive.numbering import credit_code_check, id_card_check, valid_credit_code, valid_id_card

SOURCE = Path(__file__).with_name("anonymising.yaml")
PERSON, NAME, ADDRESS, CERTIFICATE = "person", "name", "address", "certificate"
PHONE, EMAIL, ACCOUNT = "phone", "email", "account"
POSTCODE, LABEL, ORDER, KEY, NONE = "postcode", "label", "order", "key", "none"
KINDS = (PERSON, NAME, ADDRESS, CERTIFICATE, PHONE, EMAIL, ACCOUNT, POSTCODE, LABEL, ORDER, KEY, NONE)
_SEPARATOR = re.compile(r"([、，,；;/]+)")
_SHORTEST = 2
"""A shorter text is replaced only where it is a whole value."""
_LONGEST = 6
"""A longer name is an organisation's."""
_FOUND = {
    CERTIFICATE: re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|[0-9A-Z]{2}\d{6}[0-9A-Z]{10})(?![0-9A-Za-z])"),
    PHONE: re.compile(r"(?<![0-9A-Za-z])(?:1[3-9]\d{9}|0\d{2,3}-\d{7,8})(?![0-9A-Za-z])"),
    EMAIL: re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    ACCOUNT: re.compile(r"(?<![0-9A-Za-z])62\d{14,17}(?![0-9A-Za-z])"),
}
"""What is personal in any text, whether it is known or not; of accounts cards alone, bar codes are as long."""


class Rules(NamedTuple):
    """What the file says: `archive` entity.field -> kind, `form` (kind, pattern), and its lists of words."""

    archive: Mapping[str, str]
    form: tuple[tuple[str, str], ...]
    nobody: tuple[str, ...]
    organisations: tuple[str, ...]
    surnames: tuple[str, ...]
    stems: tuple[str, ...]
    left_out: tuple[str, ...]


@cache
def rules() -> Rules:
    """The rules. Raises DefinitionError with file and line when the file is wrong."""
    with yamls.read(SOURCE, SOURCE.name).fields() as f:
        archive: dict[str, str] = {}
        for kind, nodes in _by_kind(f.need("archive")).items():
            archive |= {_column(node): kind for node in nodes}
        form = [(kind, node.text()) for kind, nodes in _by_kind(f.need("form")).items() for node in nodes]
        words = (tuple(f.need(name).texts()) for name in Rules._fields[2:])
        return Rules(archive, tuple(form), *words)


def _by_kind(node: yamls.Node) -> dict[str, list[yamls.Node]]:
    with node.fields() as f:
        return {f.key_node(kind).one_of(KINDS): f.need(kind).nodes() for kind in f.keys()}  # noqa: SIM118


def _column(node: yamls.Node) -> str:
    return node.one_of(f"{one.name}.{field}" for one in entities().values() for field in one.fields)


@cache
def kind_of_column(entity: str, field: str) -> str:
    """Which kind a column of the archive is; '' for one that is not personal."""
    personal = entities()[entity].fields[field].personal
    return rules().archive.get(f"{entity}.{field}", CERTIFICATE if personal else "")


def kind_of_field(field: Mapping[str, Any]) -> str:
    """Which kind a form field or a column of its table is; '' for one that is not personal."""
    if field["type"] in (PHONE, EMAIL):
        return str(field["type"])
    found = next((kind for kind, pattern in rules().form if re.fullmatch(pattern, field["name"])), "")
    return found or (CERTIFICATE if field.get("personal") else "")


class Anonymiser:
    """What stands for what, in one recording. `people` operator id -> name: who works here has a name already."""

    def __init__(self, people: Mapping[str, str]) -> None:
        self._people = people
        self._made: dict[str, str] = {}
        self._spelled: dict[str, tuple[str, bool]] = {}
        self._counts: Counter[str] = Counter()
        self._pattern: re.Pattern[str] | None = None

    def know(self, old: str, new: str, anywhere: bool = False) -> None:
        """`new` stands for `old`; with `anywhere` also within longer numbers and ids."""
        self._made[_bare(old)] = new
        self._spelled[old] = new, anywhere
        self._pattern = None

    def swap(self, kind: str, value: str, what: str = "") -> str:
        """What stands for a whole value of a kind; `what` says of a label what it names."""
        if not kind or not value.strip():
            return self.text(value)
        if kind in (PERSON, NAME):
            return "".join(self._name(kind, part) for part in _SEPARATOR.split(value))
        if kind in (LABEL, KEY) and self._known().search(value):
            return self.text(value)
        return self._one(
            kind, value, lambda number: _MAKERS[kind](value, number) if kind in _MAKERS else f"{what}{number}"
        )

    def text(self, value: str) -> str:
        """Any text: what is known in it is replaced, and what looks like a certificate, a phone or an address of mail."""
        value = self._known().sub(lambda found: self._spelled[found[0]][0], value)
        for kind, pattern in _FOUND.items():
            value = pattern.sub(partial(self._again, kind), value)
        return value

    def row(self, entity: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of the archive, or some of its fields."""
        fields, made = entities()[entity].fields, {}
        for name, value in row.items():
            kind = kind_of_column(entity, name)
            if kind == NONE:
                continue
            is_text = isinstance(value, str) and fields[name].type == "VARCHAR" and not fields[name].code
            made[name] = self.swap(kind, value, entities()[entity].zh) if is_text else value
        return made

    def _again(self, kind: str, found: re.Match[str]) -> str:
        """A value found in a text, unless it was made up before."""
        return found[0] if found[0] in self._made.values() else self.swap(kind, found[0])

    def _name(self, kind: str, name: str) -> str:
        if name in rules().nobody or not name or _SEPARATOR.fullmatch(name):
            return name
        if name in self._people:
            return self._people[name]
        is_many = len(name) > _LONGEST or any(word in name for word in rules().organisations)
        is_one = kind == PERSON or not is_many
        return self._one(PERSON if is_one else NAME, name, _person if is_one else _organisation)

    def _one(self, kind: str, value: str, make: Callable[[int], str]) -> str:
        if (made := self._made.get(_bare(value))) is None:
            self._counts[kind] += 1
            made = make(self._counts[kind])
        if value not in self._spelled:
            self.know(value, made)
        return made

    def _known(self) -> re.Pattern[str]:
        if self._pattern is None:
            olds = sorted((o for o in self._spelled if len(o) >= _SHORTEST), key=len, reverse=True)
            parts = (_bounded(old) if not self._spelled[old][1] else re.escape(old) for old in olds)
            self._pattern = re.compile("|".join(parts) or r"(?!)")
        return self._pattern


def _bounded(old: str) -> str:
    """A number is replaced only where it does not go on."""
    before = r"(?<![0-9A-Za-z])" if old[0].isascii() and old[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if old[-1].isascii() and old[-1].isalnum() else ""
    return before + re.escape(old) + after


def _bare(value: str) -> str:
    """As `yk.text.same_name` compares: without blanks, width and case."""
    return re.sub(r"\s+", "", normalize("NFKC", value)).casefold()


def _person(number: int) -> str:
    surnames, stems = rules().surnames, rules().stems
    round_, place = divmod(number - 1, len(surnames))
    return (
        surnames[place] + stems[(place + round_) % len(stems)] + ("" if round_ < len(stems) else str(round_))
    )


def _organisation(number: int) -> str:
    stems = rules().stems
    round_, place = divmod(number - 1, len(stems))
    return f"示范{stems[place]}公司" + (str(round_ + 1) if round_ else "")


def _certificate(old: str, number: int) -> str:
    if valid_id_card(old):
        body = f"9901011980{1 + number // 28 % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
        return body + id_card_check(body)
    if valid_credit_code(old):
        body = f"91990000MA{number:07d}"
        return body + credit_code_check(body)
    return _shaped(old, number)


def _phone(old: str, number: int) -> str:
    return f"199{number:08d}" if re.fullmatch(r"1\d{10}", old) else _shaped(old, number)


def _shaped(old: str, number: int) -> str:
    """The same letters with other digits."""
    count = sum(char.isdecimal() for char in old)
    if count < 4:
        return f"X{number:06d}"
    digits = iter(f"9{number:0{count - 1}d}")
    return "".join(next(digits) if char.isdecimal() else char for char in old)


_MAKERS: dict[str, Callable[[str, int], str]] = {
    ADDRESS: lambda old, number: f"示范市示范路{number}号",
    CERTIFICATE: _certificate,
    PHONE: _phone,
    EMAIL: lambda old, number: f"user{number}@example.com",
    ACCOUNT: _shaped,
    POSTCODE: lambda old, number: f"{990000 + number}",
    ORDER: lambda old, number: f"99{number:010d}",
    KEY: lambda old, number: f"H{number:09d}",
}
