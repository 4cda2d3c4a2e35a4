"""Looking things up in the archive: customers by field, one customer whole, lines, areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.archive.codes import code_lists, code_of, codes, name_of
from yk.archive.dictionary import Entity, Field, entities, entity
from yk.errors import UsageError
from yk.store import Store
from yk.store.conditions import Comparison
from yk.text import did_you_mean, halfwidth, mask, pad, plain, wrap

Row = dict[str, Any]
Asked = tuple[Field, str, tuple[Any, ...]]
"""A field, the part of it to find, or the values that fit."""
_LABEL = 18
_AT_ONCE = 500
_UNITS = ("kVA", "kWh", "kW", "元", "位")
_PARTS = ("cons_no", "cons_name", "elec_addr")
"""Fields that are searched by a part of them, the number first; with trade and reading section those of NX 图1-4."""
_SEARCHED = ("用户编号", "用户名称", "用电地址", "行业分类", "抄表段编号")


def customers(
    store: Store, wanted: Mapping[str, str], words: Sequence[str] = (), masked: bool = True
) -> Iterator[Row]:
    """The customers whose fields have these values, with code names beside the codes.

    Each of `words` stands in the number, the name or the address.

    Fields by English or Chinese name; number, name and address by a part; codes by code, name or a part of the name;
    an empty value finds the empty field. Raises UsageError.
    """
    kind = entity("customer")
    asked = [_asked(kind, word, text) for word, text in wanted.items()]
    for row in _matching(store, asked, words):
        yield named(kind, _shown(kind, row, masked))


def _matching(store: Store, asked: Sequence[Asked], words: Sequence[str]) -> Iterator[Row]:
    """The rows of customers that fit, by number. What no index answers is found from the searched columns alone,
    which is quicker by far than making every row of the archive."""
    table = store.table("customer")
    indexed = [
        Comparison(field.name, "in" if len(values) > 1 else "=", values)
        for field, part, values in asked
        if field.index and not part and None not in values
    ]
    if not words and len(indexed) == len(asked):
        yield from (row for _, row in table.find(indexed))
        return
    names = (*_PARTS, *(field.name for field, _, _ in asked))
    rows = store.medium.pick(table.collection, names, indexed)
    if words:
        heads = (("\n".join([text or "" for text in row[: len(_PARTS)]]), row) for row in rows)
        rows = [row for head, row in heads if all(word in head for word in words)]
    if asked:
        tests = [(number, part, values) for number, (_, part, values) in enumerate(asked, start=len(_PARTS))]
        rows = [row for row in rows if all(_fits(row[i], part, values) for i, part, values in tests)]
    fitting = sorted([row[0] for row in rows])
    for first in range(0, len(fitting), _AT_ONCE):
        numbers = tuple(fitting[first : first + _AT_ONCE])
        yield from (row for _, row in table.find([Comparison("cons_no", "in", numbers)]))


def _asked(kind: Entity, word: str, text: str) -> Asked:
    """(field, the part to find, or the values that fit). Raises UsageError (`unknown_field`, `unknown_code`)."""
    if (field := kind.find(word)) is None:
        hint = did_you_mean(word, [*kind.fields, *(f.zh for f in kind.fields.values())])
        hint = hint or f"常用的有：{'、'.join(_SEARCHED)}"
        raise UsageError("unknown_field", f"{kind.zh}没有 {word} 这个字段", hint)
    text = text.strip()
    if not text:
        return field, "", (None, "")
    if field.name in _PARTS:
        return field, halfwidth(text) if field.name == "cons_no" else text, ()
    if _has_list(field.code):
        return field, "", _codes(field, text)
    return field, "", (field.parse(text),)


def _codes(field: Field, text: str) -> tuple[str, ...]:
    """The codes that `text` means: a code or a name, else those whose names hold it. Raises UsageError."""
    if (code := code_of(field.code, text)) is not None:
        return (code,)
    found = tuple(code for code, name in codes(field.code).items() if text in name)
    if not found and not text.isascii():
        names = codes(field.code).values()
        hint = did_you_mean(text, names) or f"如 {'、'.join(list(names)[:5])}"
        raise UsageError("unknown_code", f"{field.zh}（{field.name}）没有“{text}”这一类", hint)
    return found or (halfwidth(text),)


def _fits(value: Any, part: str, values: tuple[Any, ...]) -> bool:
    return part in (value or "") if part else value in values


def named(kind: Entity, row: Mapping[str, Any]) -> Row:
    """`row` with `…_name` beside every code the code lists know."""
    shown = dict(row)
    for field in kind.fields.values():
        if _has_list(field.code) and row.get(field.name) is not None:
            base = field.name.removesuffix("_code")
            shown[f"{base}_name"] = name_of(field.code, str(row[field.name]))
    return shown


def _has_list(code: str) -> bool:
    return code in code_lists()


def customer_document(store: Store, cons_no: str, masked: bool = True) -> Row:
    """One customer with every row that belongs to it, by entity. Raises UsageError (`unknown_customer`)."""
    number = halfwidth(cons_no)
    found = store.table("customer").get(doc_id=number)
    if found is None:
        raise UsageError(
            "unknown_customer", f"档案里没有用户 {cons_no}", "yk customer list 可按名称、地址查找"
        )
    document: Row = {**_shown(entity("customer"), found, masked)}
    for kind in entities().values():
        if kind.name == "customer" or not kind.owner:
            continue
        rows = store.table(kind.name).find([Comparison(kind.owner, "=", (number,))])
        if some := [_shown(kind, row, masked) for _, row in rows]:
            document[kind.name] = some
    if party := found.get("party_no"):
        row = store.table("party").get(doc_id=party)
        document["party"] = [_shown(entity("party"), row, masked)] if row else []
    return document


def _shown(kind: Entity, row: Mapping[str, Any], masked: bool) -> Row:
    return {
        name: mask(str(value)) if masked and value and kind.fields[name].personal else value
        for name, value in row.items()
    }


def customer_page(document: Mapping[str, Any], width: int = 80) -> str:
    """A customer document for people, in lines of at most `width` cells."""
    lines: list[str] = []
    for title, fields in sections(document):
        lines += ["", title] if lines else [title]
        for label, shown in fields:
            parts = wrap(shown, width - _LABEL - 3) or [""]
            lines.append(f"  {pad(label, _LABEL)} {parts[0]}".rstrip())
            lines += [" " * (_LABEL + 3) + part for part in parts[1:]]
    return "\n".join(lines) + "\n"


def customer_markdown(document: Mapping[str, Any]) -> str:
    """A customer document as Markdown: a table for the customer and for every row that belongs to it."""
    parts: list[str] = []
    for number, (title, fields) in enumerate(sections(document)):
        rows = [f"| {label} | {shown.replace('|', chr(92) + '|')} |" for label, shown in fields]
        parts += [f"{'##' if number else '#'} {title}", "", "| 项目 | 内容 |", "|---|---|", *rows, ""]
    return "\n".join(parts).rstrip("\n") + "\n"


def sections(document: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(title, fields) of the customer and every row: Chinese names, codes by name, empty fields left out."""
    kind = entity("customer")
    yield f"{kind.zh} {plain(str(document['cons_no']))}", filled_fields(kind, document)
    for name, rows in document.items():
        if isinstance(rows, list):
            part = entities()[name]
            for number, row in enumerate(rows, start=1):
                yield f"{part.zh} {number}/{len(rows)}", filled_fields(part, row)


def filled_fields(kind: Entity, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(Chinese name, shown value) of the fields that are filled."""
    found = []
    for field in kind.fields.values():
        value = row.get(field.name)
        if value is None or (field.name == kind.owner and kind.name != "customer"):
            continue
        shown = value_text(field, value)
        if _has_list(field.code) and shown != str(value):
            shown = f"{shown}（{plain(str(value))}）"
        found.append((field.zh.split("(")[0], shown))
    return found


def value_text(field: Field, value: Any) -> str:
    """A value for people: a code by its name, a time without its T, a number with its unit."""
    if isinstance(value, float):
        shown = number_text(value, field.unit)
    elif _has_list(field.code):
        shown = plain(name_of(field.code, str(value)))
    else:
        shown = plain(str(value).replace("T", " ") if field.type == "TIMESTAMP" else str(value))
    return f"{shown} {field.unit}" if field.unit in _UNITS else shown


def number_text(value: float, unit: str = "") -> str:
    """A number for people: yuan with two decimals, anything else as short as it goes, never with an exponent."""
    return f"{value:.2f}" if unit == "元" else f"{value:.6f}".rstrip("0").rstrip(".")


def lines(store: Store) -> Iterator[Row]:
    """Every line with the number of its areas."""
    for row in store.table("line"):
        areas_on_it = store.table("transformer_area").find([Comparison("line_no", "=", (row["line_no"],))])
        yield named(entity("line"), row) | {"areas": sum(1 for _ in areas_on_it)}


def areas(store: Store) -> Iterator[Row]:
    """Every transformer area with the number of its accounts."""
    medium = store.medium
    sources = medium.collection("power_source")
    for row in store.table("transformer_area"):
        count = medium.count(sources, [Comparison("station_id", "=", (row["tg_no"],))])
        yield named(entity("transformer_area"), row) | {"customers": count}
