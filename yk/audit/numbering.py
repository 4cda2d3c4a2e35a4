"""Numbers of what the audit files: runs JH…, whitelist entries BM…, extensions YQ…; six digits, counted in the store."""

from __future__ import annotations

from yk.store import Store

RUN, EXEMPTION, EXTENSION = "audit_run", "audit_exemption", "audit_extension"
PREFIXES = {RUN: "JH", EXEMPTION: "BM", EXTENSION: "YQ"}


def next_number(store: Store, kind: str) -> str:
    """The next number of a kind; inside a transaction."""
    doc = store.table("counter").get(doc_id=kind)
    number = int(doc["last"] if doc else 0) + 1
    store.table("counter").save({"counter": kind, "last": number})
    return f"{PREFIXES[kind]}{number:06d}"
