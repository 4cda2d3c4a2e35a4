"""What a desk is given so that the rules are asked again after its writings; loads the audit when something is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yk.audit.rechecking import Recheck
    from yk.desk.order import WorkOrder
    from yk.desk.session import Session, Watch
    from yk.flows.change import Image


def watcher() -> Watch:
    """A watch for one desk (`Desk(watch=watcher())`), see `rechecking.Recheck`."""
    kept: list[Recheck] = []

    def look(
        desk: Session, order: WorkOrder, images: Sequence[Image], since: Sequence[Image] | None
    ) -> list[str]:
        from yk.audit.rechecking import Recheck

        if not kept:
            kept.append(Recheck())
        return kept[0](desk, order, images, since)

    return look
