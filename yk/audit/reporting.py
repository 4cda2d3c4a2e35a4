"""Reports of the audit, of a day or of a month, as Markdown or as a workbook."""

from __future__ import annotations

from pathlib import Path

from yk.audit.report_day import day_report
from yk.audit.report_month import month_report
from yk.audit.report_parts import Asked, Report
from yk.files import atomic_writer
from yk.store import Store


def markdown(store: Store, asked: Asked) -> str:
    """The report as Markdown; long lists show their beginning. Raises UsageError (`day_ahead`, `no_run`)."""
    from yk.audit.report_markdown import lines

    with store.reading():
        return "".join(f"{line}\n" for line in lines(_report(store, asked, full=False)))


def workbook(store: Store, asked: Asked, path: Path) -> None:
    """Write the report with whole lists to an .xlsx file. Raises UsageError (`day_ahead`, `no_run`, `xlsx_missing`),
    UnreadableError (`cannot_write`)."""
    from yk.audit.report_workbook import write

    with store.reading():
        report = _report(store, asked, full=True)
        with atomic_writer(path) as file:
            write(report, file)


def _report(store: Store, asked: Asked, full: bool) -> Report:
    is_day = asked.span.first == asked.span.last
    return (day_report if is_day else month_report)(store, asked, full)
