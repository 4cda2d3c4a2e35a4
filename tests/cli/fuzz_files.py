"""Random and broken files for the fuzzer."""

from __future__ import annotations

import io
import json
import random
import zipfile

HEADS = [
    "cons_no",
    "用户编号",
    "cons_name",
    "用户名称",
    "合同容量",
    "status",
    "org_no",
    "备用",
    "",
    "party_no",
    "line_no",
    "meter_id",
]
CELLS = [
    "1016000001", "1016000002", "甲", "", " ", "1e999", "-1", "nan", "2026-02-30", "9" * 40, "=1+1", "\x00", "\u202e", "汉" * 300, '"', "x,y",
    "\ufeff", "0", "①", "138****0000", "\ud83d", "true", "1,234", "a:b",
]  # fmt: skip
VALUES = [
    None,
    True,
    0,
    -1,
    1e308,
    2**80,
    "",
    "甲",
    "\x00",
    "x" * 3000,
    [],
    {},
    [[]],
    [{"a": 1}],
    "2026-01-01",
    "1016000001",
    "a:b",
]
YAML = [
    "新用户名: 甲", "新用户名: [甲", "新用户名:甲", "联系人: {a: 1}", "? [a]\n: b", "&a [*a]", "a: *b", "- 1\n- 2", "", "~", "新用户名: !!python/object:os.system x",
    "新用户名: 甲\n新用户名: 乙", "用电设备信息: [{device_type: 灯, cap: 1, count: 2}]", "用电设备信息: [1, 2]", "印章: 01", "变更后容量: .inf", "受理时间: 2026-11-23",
    "\t新用户名: 甲", "新用户名: '", "新用户名: \"\\uD800\"", "a: &x {b: *x}", "%YAML 9.9\n---\na: 1", "--- a\n--- b", "新用户名: |\n  甲\n  乙", "是否变更合同: no",
    "新用户名: 1e999", "<<: {新用户名: 甲}", "新用户名: \x07",
]  # fmt: skip


def binary(rnd: random.Random, size: int) -> bytes:
    """Random bytes."""
    return rnd.randbytes(size)


def damaged(rnd: random.Random, content: bytes) -> bytes:
    """`content` with something broken: cut, flipped, zeroed, swapped, doubled, replaced."""
    data = bytearray(content)
    match rnd.randrange(8):
        case 0:
            return bytes(data[: rnd.randrange(len(data) + 1)])
        case 1:
            for _ in range(rnd.choice((1, 3, 50, 1000))):
                data[rnd.randrange(len(data))] = rnd.randrange(256)
        case 2:
            at = rnd.randrange(len(data))
            data[at : at + rnd.choice((16, 4096))] = bytes(rnd.choice((16, 4096)))
        case 3:
            page = 4096
            a, b = (rnd.randrange(len(data) // page + 1) * page for _ in range(2))
            data[a : a + page], data[b : b + page] = data[b : b + page], data[a : a + page]
        case 4:
            return bytes(data) + rnd.randbytes(rnd.choice((1, 5000)))
        case 5:
            return rnd.randbytes(rnd.choice((0, 1, 100, 100_000)))
        case 6:
            words = [
                b'"',
                b":",
                b"[",
                b"{",
                b"null",
                b"case",
                b"customer",
                b"operator",
                b"roles",
                b"seq",
                b"2026",
                b"open",
                b"acceptance",
            ]
            word = rnd.choice(words)
            return bytes(data).replace(
                word, rnd.choice((b"", b"x", b"null", b'"', word[::-1])), rnd.choice((1, 5, -1))
            )
        case _:
            start = rnd.randrange(len(data))
            return bytes(data[start:] + data[:start])
    return bytes(data)


def import_file(rnd: random.Random, kind: str, good: bytes) -> bytes:
    """A file to import: rows that are right, wrong and absurd, now and then damaged."""
    content = {"jsonl": _jsonl, "csv": _csv, "xlsx": _xlsx}[kind](rnd, good)
    return damaged(rnd, content) if content and rnd.random() < 0.4 else content


def _jsonl(rnd: random.Random, good: bytes) -> bytes:
    lines = [line for line in good.split(b"\n") if line]
    made = [rnd.choice(lines) for _ in range(rnd.randint(0, 3))]
    for _ in range(rnd.randint(0, 5)):
        row = {
            rnd.choice([*HEADS, "meter", "customer"]): rnd.choice(VALUES) for _ in range(rnd.randint(0, 5))
        }
        made.append(
            json.dumps(
                rnd.choice((row, [row], rnd.choice(VALUES), {"meter": [row, 1]})),
                ensure_ascii=rnd.random() < 0.5,
            ).encode()
        )
    made += [b"{", b"[" * 3000, b'{"cons_no": 1}', b"\xff", b'{"cons_no": "1", "cons_no": "2"}'][
        : rnd.randint(0, 5)
    ]
    rnd.shuffle(made)
    return rnd.choice((b"\n", b"\r\n", b"\n\n")).join(made)


def _rows(rnd: random.Random) -> list[list[str]]:
    width = rnd.randint(0, 6)
    head = [rnd.choice(HEADS) for _ in range(width)]
    return [
        head,
        *(
            [rnd.choice(CELLS) for _ in range(rnd.choice((width, width, width + 1, 0)))]
            for _ in range(rnd.randint(0, 6))
        ),
    ]


def _csv(rnd: random.Random, good: bytes) -> bytes:
    text = "\n".join(rnd.choice((",", ",", ";", "\t")).join(row) for row in _rows(rnd))
    return text.encode(rnd.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16")), "replace")


def _xlsx(rnd: random.Random, good: bytes) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = rnd.choice(("customer", "用电客户", "Sheet", "meter"))
    for row in _rows(rnd):
        sheet.append([cell if cell.isprintable() else 1.5 for cell in row])
    out = io.BytesIO()
    book.save(out)
    if rnd.random() < 0.3:  # a part missing or broken inside the archive
        return _broken_zip(rnd, out.getvalue())
    return out.getvalue()


def _broken_zip(rnd: random.Random, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if rnd.random() < 0.2:
                continue
            target.writestr(name, damaged(rnd, part) if part and rnd.random() < 0.3 else part)
    return out.getvalue()


def yaml_file(rnd: random.Random) -> bytes:
    """A form file."""
    text = "\n".join(rnd.choice(YAML) for _ in range(rnd.randint(0, 3)))
    content = text.encode(rnd.choice(("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16")), "replace")
    return damaged(rnd, content) if content and rnd.random() < 0.2 else content
