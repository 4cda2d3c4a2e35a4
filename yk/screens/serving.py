"""The terminal UI in a browser, on this machine only: `textual-serve` with a page that loads nothing from elsewhere."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yk.errors import UsageError

HOST = "127.0.0.1"
PAGES = Path(__file__).with_name("web")


def serve(url: str, operator: str, port: int, options: list[str], say: Callable[[str], None]) -> None:
    """Serve until interrupted; every visitor gets an app of their own, opened with `options` of `yk tui`.

    Raises UsageError without the extra `web`.
    """
    try:
        from textual_serve.server import Server
    except ModuleNotFoundError:
        raise UsageError("extra_missing", "在浏览器里用要装 web 附加包", "pip install 'yk[web]'") from None
    from aiohttp.web import HTTPForbidden

    own = {f"http://{host}:{port}" for host in (HOST, "localhost")}

    class Pages(Server):
        """Lets in only pages of its own: a page from elsewhere may not drive the terminal."""

        def initialize_logging(self) -> None:
            """No log on the terminal: the address is told by `say`."""

        async def on_startup(self, app: Any) -> None:
            """Nothing is printed."""

        async def handle_websocket(self, request: Any) -> Any:
            """As the server does, for its own pages."""
            if request.headers.get("Origin") not in own:
                raise HTTPForbidden
            return await super().handle_websocket(request)

    os.environ["YK_STORE"] = url
    if operator:
        os.environ["YK_OPERATOR"] = operator
    command = shlex.join([sys.executable, "-m", "yk", "tui", *options])
    say(f"在浏览器里打开 http://{HOST}:{port} ，^C 结束")
    Pages(command, HOST, port, title="yk 营销流程台", templates_path=PAGES).serve()
