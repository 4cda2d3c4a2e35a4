"""From an exception to what the user sees: Chinese lines or JSON, and the exit code of the contract."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise

import click
from click import exceptions

from yk.errors import ExitCode, Refused, UnreadableError, UsageError, YkError
from yk.text import did_you_mean, plain

DEBUG = "YK_DEBUG"

_CODES = {
    exceptions.NoSuchCommand: "unknown_command",
    exceptions.NoSuchOption: "unknown_option",
    exceptions.MissingParameter: "missing_parameter",
    exceptions.BadParameter: "bad_value",
}


class Interrupted(YkError):
    """The user broke off (exit 130)."""

    exit_code = ExitCode.INTERRUPTED


def asks_json(argv: Sequence[str]) -> bool:
    """Does the command line ask for JSON? Read from the words themselves: it may be that they cannot be parsed."""
    words = list(argv[: argv.index("--")] if "--" in argv else argv)
    return "--json" in words or "--format=json" in words or ("--format", "json") in pairwise(words)


def report(error: BaseException, as_json: bool) -> ExitCode:
    """Tell the user what went wrong and return the exit code."""
    known = understood(error)
    with suppress(OSError):
        sys.stdout.flush()
    if os.environ.get(DEBUG) and not isinstance(error, YkError | click.ClickException | click.Abort):
        from traceback import print_exception

        print_exception(error)
    if as_json:
        with suppress(OSError):
            _print_json(known)
            return known.exit_code
    with suppress(OSError):
        sys.stderr.write("".join(f"{plain(line)}\n" for line in lines_of(known)))
        sys.stderr.flush()
    return known.exit_code


def lines_of(error: YkError) -> list[str]:
    """The lines for stderr."""
    if isinstance(error, Refused):
        lines = [f"✗ {r.message}{_source(r.entry, r.basis)}" for r in error.reasons]
    elif isinstance(error, Interrupted):
        lines = [error.message]
    else:
        lines = [f"错误：{error.message}"]
    return [*lines, f"提示：{error.hint}"] if error.hint else lines


def _source(*parts: str | None) -> str:
    named = "，".join(part for part in parts if part)
    return f" （{named}）" if named else ""


def _print_json(error: YkError) -> None:
    from yk.cli.output import json_text

    answer: dict[str, object]
    if isinstance(error, Refused):
        answer = {"refused": [reason.as_json() for reason in error.reasons]}
    else:
        answer = {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
    sys.stdout.write(json_text(answer, indent=2) + "\n")
    sys.stdout.flush()


def understood(error: BaseException) -> YkError:
    """The same failure as a YkError with a Chinese message."""
    if isinstance(error, YkError):
        return error
    for kind, translate in _TRANSLATORS:
        if isinstance(error, kind):
            return translate(error)
    for module in ("sqlite3", "psycopg"):
        if module in sys.modules and isinstance(error, sys.modules[module].Error):
            return UnreadableError("store_error", f"存储出错：{error}", "用 yk store check 检查存储")
    return _internal(error)


def _internal(error: BaseException) -> YkError:
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return YkError("internal", f"程序内部错误：{what}", f"设 {DEBUG}=1 再运行一次，把显示的内容报给维护人员")


def _of_usage(error: click.UsageError) -> YkError:
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), "usage")
    message, hint = error.message, ""
    if isinstance(error, exceptions.NoSuchCommand) and isinstance(error.cmd, click.Group):
        hint = did_you_mean(error.command_name, error.cmd.commands)
    elif isinstance(error, exceptions.NoSuchOption):
        hint = f"是不是想写 {' 或 '.join(error.possibilities)}？" if error.possibilities else ""
    elif isinstance(error, exceptions.MissingParameter):
        message = _one_line(error.format_message()).replace("'. ", "'。").removesuffix(".")
        if told := getattr(error.param, "help", None):
            message += f"：{told}"
    else:
        message = error.format_message()
    if error.ctx is not None and not hint:
        hint = f"用 {error.ctx.command_path} --help 看用法"
    return UsageError(code, _one_line(message).removesuffix("。"), hint)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _of_file(error: click.FileError) -> YkError:
    return UnreadableError("cannot_open", error.format_message(), "检查路径和权限")


def _of_click(error: click.ClickException) -> YkError:
    return UsageError("usage", _one_line(error.format_message()))


def _of_interrupt(_error: BaseException) -> YkError:
    return Interrupted("interrupted", "已中断。")


def _of_encoding(error: UnicodeEncodeError) -> YkError:
    wrong = error.object[error.start : error.end]
    return UsageError("bad_encoding", f"参数里有不是 UTF-8 的字符：{wrong!r}", "检查终端的编码")


def _of_type(error: TypeError) -> YkError:
    """orjson's word for half a character in a text to be stored."""
    if "surrogates not allowed" in str(error):
        return UsageError("bad_encoding", "参数或文件里有不是 UTF-8 的字符", "检查终端和文件的编码")
    return _internal(error)


def _of_bytes(error: UnicodeDecodeError) -> YkError:
    """SQLite speaks of damaged parts by their bytes; input files are decoded where they are read."""
    if "sqlite3" in sys.modules:
        return UnreadableError(
            "store_damaged", "存储已损坏，里面有读不出的字节", "用最近的备份恢复：yk store restore"
        )
    return _internal(error)


def _of_value(error: ValueError) -> YkError:
    """Python's own word for a NUL in a path; any other ValueError is a fault of the program."""
    if "null byte" in str(error):
        return UsageError("bad_path", "参数或路径里有空字符（NUL）", "去掉它")
    return _internal(error)


def _of_system(error: OSError) -> YkError:
    from yk.files import reason_of

    where = f" {error.filename}" if error.filename else ""
    return UnreadableError("io_error", f"读写失败{where}：{reason_of(error)}", "检查路径、权限和磁盘空间")


_TRANSLATORS: tuple[tuple[type[BaseException], Callable[..., YkError]], ...] = (
    (click.UsageError, _of_usage),
    (click.FileError, _of_file),
    (click.ClickException, _of_click),
    (click.Abort, _of_interrupt),
    (KeyboardInterrupt, _of_interrupt),
    (EOFError, _of_interrupt),
    (UnicodeEncodeError, _of_encoding),
    (UnicodeDecodeError, _of_bytes),
    (ValueError, _of_value),
    (TypeError, _of_type),
    (OSError, _of_system),
)
