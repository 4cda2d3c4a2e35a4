"""Looking things up in the archive: customers by field, one customer whole, lines, areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.archive.codes import code_of, name_of
from yk.archive.dictionary import Entity, entities, entity
from yk.errors import UsageError
from yk.store import Store
from yk.store.conditions import Comparison
from yk.text import halfwidth, mask, pad, plain

Row = dict[str, Any]
_CONTAINS = ("cons_name", "elec_addr")
"""Fields that are searched by a part of them (NX 图1-4)."""


def customers(store: Store, wanted: Mapping[str, str]) -> Iterator[Row]:
    """The customers whose fields have these values, with code names beside the codes.

    Fields by English or Chinese name, codes by code or name; name and address by a part. Raises UsageError.
    """
    kind = entity("customer")
    exact, parts = [], []
    for word, text in wanted.items():
        field = kind.field(word)
        if field.name in _CONTAINS:
            parts.append((field.name, text))
            continue
        value = code_of(field.code, text) if _has_list(field.code) else None
        exact.append(Comparison(field.name, "=", (field.parse(value or text),)))
    indexed = [c for c in exact if kind.fields[c.field].index]
    for _, row in store.table("customer").find(indexed):
        if all(row.get(c.field) == c.values[0] for c in exact) and all(
            t in (row.get(f) or "") for f, t in parts
        ):
            yield named(kind, row)


def named(kind: Entity, row: Mapping[str, Any]) -> Row:
    """`row` with `…_name` beside every code the code lists know."""
    shown = dict(row)
    for field in kind.fields.values():
        if _has_list(field.code) and row.get(field.name) is not None:
            base = field.name.removesuffix("_code")
            shown[f"{base}_name"] = name_of(field.code, str(row[field.name]))
    return shown


def _has_list(code: str) -> bool:
    from yk.archive.codes import code_lists

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


def customer_page(document: Mapping[str, Any]) -> str:
    """A customer document for people: Chinese field names, codes by name, empty fields left out."""
    kind = entity("customer")
    lines = [f"{kind.zh} {document['cons_no']}", *_fields(kind, document)]
    for name, rows in document.items():
        if isinstance(rows, list):
            part = entities()[name]
            for number, row in enumerate(rows, start=1):
                lines += ["", f"{part.zh} {number}/{len(rows)}", *_fields(part, row)]
    return "\n".join(lines) + "\n"


def _fields(kind: Entity, row: Mapping[str, Any]) -> list[str]:
    lines = []
    for field in kind.fields.values():
        value = row.get(field.name)
        if value is None or (field.name == kind.owner and kind.name != "customer"):
            continue
        shown = f"{value:g}" if isinstance(value, float) else plain(str(value))
        if _has_list(field.code):
            shown = f"{name_of(field.code, str(value))}（{value}）"
        unit = f" {field.unit}" if field.unit in ("kVA", "kWh", "kW", "元", "位") else ""
        lines.append(f"  {pad(field.zh.split('(')[0], 18)} {shown}{unit}")
    return lines


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
