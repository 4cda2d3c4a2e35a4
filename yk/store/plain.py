"""The plain form: TinyDB JSON, one document a line. Dumps and the JSON medium are written in it.

Any layout that stock TinyDB writes is read, piece by piece, so that memory does not grow with the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import TextIOWrapper
from typing import IO, Any, NoReturn

from yk.errors import UnreadableError
from yk.store.collection import Collection, Row
from yk.store.medium import FORMAT, META

_PIECE = 1 << 16
_BLANK = re.compile(r"[ \t\r\n]*")
_RESTORE = "用最近的备份恢复：yk store restore"


def encode(tables: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]) -> Iterator[str]:
    """Plain TinyDB JSON, in pieces: tables in the order given, documents numbered from 1."""
    body = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
    yield "{"
    for number, (name, rows) in enumerate(tables):
        yield f"{',' if number else ''}\n {json.dumps(name)}: {{"
        for i, row in enumerate(rows, start=1):
            yield f'{"," if i > 1 else ""}\n  "{i}": {body(row)}'
        yield "\n }"
    yield "\n}\n"


def documents(
    open_: Callable[[], IO[bytes]], shown: str, collections: Mapping[str, Collection]
) -> Iterator[tuple[Collection, str, Row]]:
    """Every document of a dump with its table and its id; `shown` names the file in errors.

    Raises UnreadableError: `store_damaged`, `store_foreign`, `store_newer`, `unknown_table`, and as
    `Collection.doc_id`. Nothing said is certain before the last document has come.
    """
    meta: list[Row] = []
    with _text_of(open_) as file:
        for name, rows in _tables(_Text(file, shown)):
            collection = collections.get(name)
            if collection is None:
                _refuse_newer(open_, shown)
                raise UnreadableError(
                    "unknown_table", f"{shown} 里有本程序不认识的表 {name}", "升级 yk 后再试"
                )
            for row in rows:
                if collection.columns is not None and not collection.columns.keys() >= row.keys():
                    _refuse_newer(open_, shown)
                if collection is META:
                    meta.append(row)
                try:
                    key = collection.doc_id(row)
                except UnreadableError as error:
                    raise in_file(shown, error) from None
                yield collection, key, row
    check_format(meta, shown)


def in_file(shown: str, error: UnreadableError) -> UnreadableError:
    """What is wrong with a document, and in which file."""
    return UnreadableError(error.code, f"{shown}：{error.message}", error.hint)


def check_format(meta: Iterable[Mapping[str, Any]], shown: str) -> None:
    """Refuse what another program or a newer yk wrote."""
    versions = [row.get("value") for row in meta if row.get("name") == "format"]
    if len(versions) != 1 or type(versions[0]) is not int or versions[0] < 1:
        raise UnreadableError("store_foreign", f"{shown} 不是 yk 的存储文件")
    if versions[0] > FORMAT:
        raise newer(shown, versions[0])


def newer(shown: str, version: int) -> UnreadableError:
    """The error for a store or a file of a newer yk."""
    message = f"{shown} 由更新版本的 yk 写成（格式 {version}，本程序认得 {FORMAT}）"
    return UnreadableError("store_newer", message, "升级 yk 后再打开")


def _refuse_newer(open_: Callable[[], IO[bytes]], shown: str) -> None:
    """What is strange in a file may be so because a newer yk wrote it."""
    with _text_of(open_) as file:
        found = [list(rows) for name, rows in _tables(_Text(file, shown)) if name == META.name]
    check_format(found[0] if found else (), shown)


def _text_of(open_: Callable[[], IO[bytes]]) -> TextIOWrapper:
    return TextIOWrapper(open_(), "utf-8-sig", newline="")


class _Text:
    """A JSON text of which only the piece in hand is held."""

    def __init__(self, file: TextIOWrapper, shown: str) -> None:
        self._file, self._shown = file, shown
        self._text, self._at, self._line = "", 0, 1

    def peek(self) -> str:
        """The next character that is no blank; '' at the end."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            assert blank is not None
            self._at = blank.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(_PIECE):
                return ""

    def take(self, *wanted: str) -> str:
        """Step over one of the characters `wanted`."""
        found = self.peek()
        if found not in wanted:
            self.damaged()
        self._at += 1
        return found

    def value(self) -> Any:
        """Step over one whole value."""
        size = _PIECE
        while True:
            self.peek()
            try:
                value, end = _decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if error.pos < len(self._text) - _TOKEN and not error.msg.startswith("Unterminated"):
                    self.damaged(error.pos)
                end = -1
            except (ValueError, RecursionError):
                self.damaged()
            if 0 <= end < len(self._text) or not self._more(size):
                break
            size *= 2
        if end < 0:
            self.damaged()
        self._at = end
        return value

    def _more(self, size: int) -> bool:
        """Read on; what was stepped over is let go."""
        try:
            piece = self._file.read(size)
        except UnicodeDecodeError:
            raise UnreadableError(
                "store_damaged", f"{self._shown} 不是 UTF-8 文本，读不了", _RESTORE
            ) from None
        self._line += self._text.count("\n", 0, self._at)
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)

    def damaged(self, at: int = -1) -> NoReturn:
        """Raise the error that names the line."""
        line = self._line + self._text.count("\n", 0, self._at if at < 0 else at)
        message = f"{self._shown} 第 {line} 行起已损坏或不完整，读不了"
        raise UnreadableError("store_damaged", message, _RESTORE)

    def want_object(self) -> None:
        """See that an object comes next."""
        if self.peek() not in ("{", ""):
            self.foreign()

    def foreign(self) -> NoReturn:
        """Raise the error for JSON that is not ours."""
        raise UnreadableError("store_foreign", f"{self._shown} 不是 yk 的存储文件")


_TOKEN = 16
"""No token but a string is longer: an error further from the end is not for want of text."""


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


_decode = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode


def _tables(text: _Text) -> Iterator[tuple[str, Iterator[Row]]]:
    """Each table's name and rows; the rows are to be used before the next table."""
    text.want_object()
    seen = set()
    for name in _members(text):
        if name in seen:
            text.damaged()
        seen.add(name)
        text.want_object()
        rows = _rows(text)
        yield name, rows
        for _ in rows:
            pass
    if text.peek():
        text.damaged()


def _rows(text: _Text) -> Iterator[Row]:
    for _ in _members(text):
        row = text.value()
        if type(row) is not dict:
            text.foreign()
        yield row


def _members(text: _Text) -> Iterator[str]:
    """The keys of an object; the caller steps over each value."""
    text.take("{")
    if text.peek() == "}":
        text.take("}")
        return
    while True:
        if text.peek() != '"':
            text.damaged()
        name: str = text.value()
        text.take(":")
        yield name
        if text.take(",", "}") == "}":
            return
