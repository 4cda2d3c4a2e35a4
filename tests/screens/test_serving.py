"""`yk tui --serve`: the real program in a real browser, on this machine, with nothing from elsewhere."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=900,600",
]
PATIENCE = 40.0


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where a demonstration store is served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "YK_STORE": f"sqlite:///{tmp_path}/yk.db", "YK_NOW": "2026-11-23T09:30"}
    yk = [sys.executable, "-m", "yk"]
    subprocess.run([*yk, "init", "--demo", "-q"], env=env, check=True)
    server = subprocess.Popen(
        [*yk, "tui", "--serve", "--port", str(port)], env=env, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: _read(url))
        yield url
    finally:
        server.kill()
        server.wait()


def _wait(there: object) -> None:
    assert callable(there)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if there():
                return
        except OSError:
            pass
        assert time.monotonic() < end, "did not come"
        time.sleep(0.1)


def _read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as page:
        return str(page.read().decode())


def test_the_page_asks_nothing_of_other_machines(address: str) -> None:
    page = _read(address)
    elsewhere = [url for url in re.findall(r"(?:https?|wss?)://[^\"'\s>]+", page) if "127.0.0.1" not in url]
    assert elsewhere == []
    assert "营销流程台" in page


def test_a_page_from_elsewhere_may_not_drive_the_terminal(address: str) -> None:
    asked = urllib.request.Request(
        f"{address}/ws", headers={"Origin": "http://example.com", "Upgrade": "websocket"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=5)
    refused.value.close()
    assert refused.value.code == 403


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian: chromium)")
def test_the_workbench_is_seen_and_typed_into_in_chromium(address: str, tmp_path: Path) -> None:
    said, picture = asyncio.run(asyncio.wait_for(_visit(address, tmp_path), 90))
    assert "工作台" in said
    assert "含「更名」" in said
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 12_000, "the page is painted"


async def _visit(address: str, folder: Path) -> tuple[str, bytes]:
    """Open the page, filter the list for 更名; what the program sent, and a picture of the page."""
    import aiohttp

    command = [
        str(CHROMIUM),
        *QUIET,
        "--remote-debugging-port=0",
        f"--user-data-dir={folder / 'profile'}",
        "about:blank",
    ]
    browser = await asyncio.create_subprocess_exec(*command, stderr=subprocess.DEVNULL)
    try:
        port = await _port(folder / "profile" / "DevToolsActivePort")
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                target = next(one for one in await answer.json() if one["type"] == "page")
            async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket_:
                page = Page(socket_)
                await page.call("Network.enable")
                await page.call("Page.navigate", url=address)
                await page.until("工作台")
                for kind in ("mousePressed", "mouseReleased"):
                    await page.call(
                        "Input.dispatchMouseEvent", type=kind, x=300, y=300, button="left", clickCount=1
                    )
                await page.call("Input.dispatchKeyEvent", type="keyDown", text="/", key="/", code="Slash")
                await page.until("输入编号")
                for char in "更名":
                    await page.call("Input.dispatchKeyEvent", type="char", text=char)
                await page.until("含「更名」")
                shot = await page.call("Page.captureScreenshot")
                return page.said, base64.b64decode(shot["data"])
    finally:
        browser.terminate()
        await browser.wait()


async def _port(file: Path) -> int:
    while not (file.exists() and file.read_text().split()):
        await asyncio.sleep(0.1)
    return int(file.read_text().split()[0])


class Page:
    """A page of the browser, over the DevTools protocol; `said` is what its web socket received."""

    def __init__(self, socket_: Any) -> None:
        self._socket, self._number, self.said = socket_, 0, ""

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method and wait for its answer."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        while (message := await self._next()).get("id") != self._number:
            pass
        assert "error" not in message, message
        return dict(message["result"])

    async def until(self, text: str) -> None:
        """Wait until the terminal has shown this."""
        while text not in self.said:
            await self._next()

    async def _next(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads((await self._socket.receive()).data)
        if message.get("method") == "Network.webSocketFrameReceived":
            frame = message["params"]["response"]
            data = (
                base64.b64decode(frame["payloadData"])
                if frame["opcode"] == 2
                else frame["payloadData"].encode()
            )
            self.said += re.sub(r"\x1b\[[0-9;:?]*[A-Za-z]", "", data.decode(errors="ignore"))
        return message
