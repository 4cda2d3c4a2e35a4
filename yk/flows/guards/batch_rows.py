"""Guards about the rows of a batch: its order goes on when they do."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard

BASIS = "逐户执行、逐户有结果（行业通例）"


def _counts(f: Facts, **counts: int) -> Change:
    """A recipe: the batch of the order with these counts."""
    none = dict.fromkeys(("ready", "blocked", "skipped", "done", "failed"), 0)
    return Change(put=(("batch", {**f.row("batch"), "batch": f.case, **none, **counts}),))


@guard(
    "清单里有可办的户",
    refuses="batch_empty",
    rule="G-XH-10",
    basis=BASIS,
    reads=("batch",),
    breaks=lambda f: _counts(f, blocked=1),
    mends=lambda f: _counts(f, ready=1),
)
def batch_has_rows(f: Facts) -> Iterator[str]:
    """A list of which nobody can be served opens no work."""
    batch = f.row("batch")
    if not (batch.get("ready") or batch.get("done")):
        yield f"批次 {f.case} 里没有可办的户，改正清单后重新计划（yk batch plan）"


@guard(
    "批次逐户都有结果",
    refuses="batch_rows_waiting",
    rule="G-XH-10",
    basis=BASIS,
    reads=("batch",),
    breaks=lambda f: _counts(f, ready=1),
    mends=lambda f: _counts(f, done=1),
)
def batch_rows_written(f: Facts) -> Iterator[str]:
    """The order is archived when every row was written, refused or taken out."""
    if waiting := int(f.row("batch").get("ready") or 0):
        yield f"批次 {f.case} 还有 {waiting} 户没有写入档案，先执行 yk batch apply {f.case} --yes"
