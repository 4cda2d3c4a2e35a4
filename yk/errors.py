"""What can go wrong, and with which exit code (contract: commands, JSON, exit codes)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple


class ExitCode(IntEnum):
    """The exit codes of the contract; scripts depend on them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    UNREADABLE = 3
    REFUSED = 4
    PARTLY = 5
    DEFECTS = 6
    INTERRUPTED = 130


class YkError(Exception):
    """An expected failure: one clear Chinese line, and a hint what to do.

    `code` is a stable English id for scripts; `message` says what is wrong and where.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


class UsageError(YkError):
    """The call or the configuration is wrong (exit 2)."""

    exit_code = ExitCode.USAGE


class UnreadableError(YkError):
    """An input file or the store cannot be read or written (exit 3)."""

    exit_code = ExitCode.UNREADABLE


class DefinitionError(UsageError):
    """A flow, manual or code file of the program itself is wrong; names file and line."""


class Reason(NamedTuple):
    """One reason of a refusal.

    `code` stable id; `message` Chinese with the actual values; `entry` the manual entry;
    `control` the public id of the control that this check answers, if one does; `basis` the legal basis.
    """

    code: str
    message: str
    entry: str = ""
    control: str | None = None
    basis: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """The shape the contract freezes."""
        return self._asdict()


class Refused(YkError):
    """A guard, a required check, a role or a separation of duties said no (exit 4).

    `reasons` holds every reason at once, never only the first.
    """

    exit_code = ExitCode.REFUSED

    def __init__(self, reasons: Sequence[Reason], hint: str = "") -> None:
        self.reasons = tuple(reasons)
        super().__init__("refused", "；".join(r.message for r in self.reasons), hint)
