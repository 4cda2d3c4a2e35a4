"""The terminal UI in a browser, on this machine only: `textual-serve` with a page that loads nothing from elsewhere."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from yk.errors import UsageError

HOST = "127.0.0.1"
PAGES = Path(__file__).with_name("web")


def serve(
    url: str, operator: str, port: int, screen: str, case: str, theme: str, say: Callable[[str], None]
) -> None:
    """Serve until interrupted; every visitor gets an app of their own. Raises UsageError without the extra."""
    try:
        from textual_serve.server import Server
    except ModuleNotFoundError:
        raise UsageError(
            "extra_missing", "在浏览器里用要装 web 附加包", "pip install 'yk[web]'（或 pip install textual-serve）"
        ) from None
    words = [sys.executable, "-m", "yk", "tui", "--store", url]
    given = (("--operator", operator), ("--screen", screen), ("--case", case), ("--theme", theme))
    words += [word for option, value in given if value for word in (option, value)]
    say(f"在浏览器里打开 http://{HOST}:{port} ，^C 结束")
    Server(shlex.join(words), HOST, port, title="yk 营销流程台", templates_path=PAGES).serve()
