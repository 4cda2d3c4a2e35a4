"""Which encoding a text file has: UTF-8 with or without mark, or GB 18030 as Chinese Windows writes it."""

from __future__ import annotations

from codecs import getincrementaldecoder
from pathlib import Path

from yk.errors import UnreadableError

_CHUNK = 1 << 20
_SURELY_UTF8 = 10
"""So many Chinese characters in a row are valid UTF-8 only when the text is UTF-8."""
_HINT = "另存为 UTF-8 编码后重试"


def detect(path: Path) -> str:
    """`utf-8-sig` or `gb18030`. Reads the whole file once, in pieces.

    Raises UnreadableError: `empty_file`, `nul_bytes` (binary, or UTF-16), `bad_encoding` with the line.
    """
    _refuse_binary(path)
    bad_line = _first_bad_line(path, "utf-8")
    if not bad_line:
        return "utf-8-sig"
    if _marked_or_chinese(path) or _first_bad_line(path, "gb18030"):
        raise UnreadableError(
            "bad_encoding", f"{path} 第 {bad_line} 行：既不是 UTF-8 也不是 GB18030 编码，或文件不完整", _HINT
        )
    return "gb18030"


def _refuse_binary(path: Path) -> None:
    lines, blank = 1, True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if (at := chunk.find(b"\0")) >= 0:
                line = lines + chunk[:at].count(b"\n")
                raise UnreadableError("nul_bytes", f"{path} 第 {line} 行：含有空字节，不是文本文件", _HINT)
            lines += chunk.count(b"\n")
            blank = blank and not chunk.strip(b"\xef\xbb\xbf \t\r\n")
    if blank:
        raise UnreadableError("empty_file", f"{path}：文件是空的", "检查导出是否成功")


def _first_bad_line(path: Path, encoding: str) -> int:
    """The first line that is not in `encoding`, from 1; 0 when all are."""
    decoder, lines = getincrementaldecoder(encoding)(), 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            if not chunk:
                return 0
            lines += chunk.count(b"\n")


def _marked_or_chinese(path: Path) -> bool:
    """Is a file with a flaw UTF-8 all the same: it has the mark, or begins with much valid Chinese?"""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        text = head[: error.start].decode()
    return text.startswith("\ufeff") or sum(char >= "\u0800" for char in text) >= _SURELY_UTF8
