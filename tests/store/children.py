"""What other processes do in the tests: `python -m store.children ACTION URL …`; they begin at a line on stdin."""

from __future__ import annotations

import sys

from .schema import opened, thing


def count(url: str, name: str, number: str) -> None:
    """Write events one by one, each with the next number of all."""
    with opened(url) as store:
        print("ready", flush=True)
        sys.stdin.readline()
        for i in range(int(number)):
            with store.transaction():
                held = store.table("paper").get(doc_id="counter") or {"value": 0}
                value = held["value"] + 1
                store.table("paper").save({"id": "counter", "value": value})
                store.table("thing").insert(thing(f"{name}.{i:04d}", name, value))


def balance(url: str) -> None:
    """Move one unit from one document to another, in another table, for ever; the sum stays."""
    with opened(url) as store:
        print("ready", flush=True)
        sys.stdin.readline()
        for i in range(1_000_000):
            with store.transaction():
                paper = store.table("paper").get(doc_id=f"p{i % 5}")
                store.table("paper").save({**paper, "n": paper["n"] - 1})
                one = store.table("thing").get(doc_id=f"t{i % 7}")
                store.table("thing").save({**one, "count": one["count"] + 1})
            for _ in range(10):  # others want to write too
                store.table("thing").all()


if __name__ == "__main__":
    {"count": count, "balance": balance}[sys.argv[1]](*sys.argv[2:])
