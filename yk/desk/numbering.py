"""Application numbers (申请编号): 12 digits, prefix + yymmdd + number of the day (NX 图1-9; the split is inferred)."""

from __future__ import annotations

from datetime import datetime

from yk.errors import UsageError, YkError
from yk.store import Store

PER_PREFIX = 9999


def next_application_no(store: Store, prefix: str, at: datetime) -> str:
    """The next free number of the day; inside a transaction, so never given twice.

    After 9,999 numbers of one prefix the next prefix goes on, over numbers that its own office has given.
    Raises UsageError (`bad_setting`) for a prefix that is not two digits, YkError (`numbers_used_up`) past 99.
    """
    if not (len(prefix) == 2 and prefix.isascii() and prefix.isdigit()):
        raise UsageError(
            "bad_setting",
            f"设置 application_prefix 的值 {prefix} 不对，应是两位数字",
            "yk config set application_prefix 01",
        )
    counters, cases = store.table("counter"), store.table("case")
    key = f"application:{prefix}:{at:%y%m%d}"
    number = int((counters.get(doc_id=key) or {"value": 0})["value"])
    while True:
        number += 1
        used = int(prefix) + (number - 1) // PER_PREFIX
        if used > 99:
            raise YkError(
                "numbers_used_up", f"{at:%Y-%m-%d} 的申请编号已用完", "换一个 application_prefix，或次日再办"
            )
        found = f"{used:02d}{at:%y%m%d}{(number - 1) % PER_PREFIX + 1:04d}"
        if not cases.has(found):
            counters.save({"counter": key, "value": number})
            return found
