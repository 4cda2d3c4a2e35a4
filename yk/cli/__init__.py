"""The command line of yk.

`main` is the console entry; `run` is the same for callers that want the exit code. Everything is imported inside:
`yk --help` and shell completion load click and a few small modules of this package, nothing else.

How a command module is written (its home is named in `yk.cli.root`):

    from yk.cli import output
    from yk.cli.app import App, pass_app
    from yk.cli.lazy import group
    from yk.cli.options import reading

    @group("line", help="线路台账。")
    def line() -> None:
        \"\"\"Lines.\"\"\"

    @line.command("list", help="列出线路。", examples=["yk line list --format csv -o 线路.csv"])
    @reading
    @pass_app
    def list_(app: App) -> None:
        \"\"\"Print every line.\"\"\"
        output.rows(app, lines_of(app.open_store()), [("line_no", "线路编号"), ("name", "名称")])

A command returns None (exit 0) or an ExitCode. It raises YkError for what goes wrong; `run` turns every exception
into Chinese lines or JSON and the contract's exit code. Text for people goes through `App.say` (stderr), data through
`yk.cli.output` (stdout or `-o`). Files are declared as plain `click.Path()`: a missing one is then reported by
`yk.files` with exit 3.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

COMPLETE = "_YK_COMPLETE"
"""The variable through which a shell's completion script talks to yk."""


def main() -> NoReturn:
    """The console entry."""
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code; every exception has become a message by then."""
    _speak_utf8()
    try:
        code = _dispatch(list(argv))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _forget_stdout()
        return 1
    except (Exception, KeyboardInterrupt) as error:
        from yk.cli.failures import asks_json, report

        code = report(error, asks_json(argv))
        with suppress(OSError):
            sys.stdout.flush()
            return code
        _forget_stdout()
        return code


def _dispatch(argv: list[str]) -> int:
    from click.exceptions import Exit, NoArgsIsHelpError

    from yk.cli.app import App
    from yk.cli.root import root

    app = App()
    if not argv and sys.stdin.isatty() and sys.stdout.isatty():
        argv = ["tui"]
    try:
        if instruction := os.environ.get(COMPLETE):
            return _complete(app, instruction)
        with root.make_context("yk", argv, obj=app) as context:
            answer = root.invoke(context)
        return answer if isinstance(answer, int) else 0
    except Exit as end:
        return end.exit_code
    except NoArgsIsHelpError as bare:
        sys.stdout.write(bare.ctx.get_help() + "\n")
        return 2
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as fault:
        app.blame_store(fault)
        raise
    finally:
        app.close()


def _complete(app: object, instruction: str) -> int:
    """Answer a shell; whatever goes wrong there stays silent, the user is in the middle of a line."""
    from click.shell_completion import shell_complete

    from yk.cli.root import root

    with suppress(Exception):
        return shell_complete(root, {"obj": app}, "yk", COMPLETE, instruction)
    return 1


def _speak_utf8() -> None:
    """UTF-8 and LF on both streams under any locale; half a character is shown as \\udcNN, a closed stream is let be."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  (lives on)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _forget_stdout() -> None:
    """Let the interpreter's last flush go nowhere: the reader is gone or the disk is full."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
