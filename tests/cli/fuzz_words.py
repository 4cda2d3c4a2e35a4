"""What the fuzzer types: nasty words, and words that might be meant, by the name of the parameter."""

from __future__ import annotations

NASTY = [
    "", " ", "\u3000", "-", "--", "---", "-x", "--x=y", "=", "==", "a=", "=a", "a=b=c", "%s", "%d%n", "{0}", "{}", "{x!r}",
    "'", '"', "`", "\\", "\\n", "$(id)", "${HOME}", ";", "|", "&", "*", "?", "[", "[red]", "[/x]", "<b>", "<script>", "&amp;",
    "' OR 1=1 --", "\"; DROP TABLE customer; --", "NULL", "None", "nan", "inf", "-inf", "1e999", "1e-999", "-1", "0", "00",
    "9" * 30, "-" + "9" * 30, "0x10", "1_000", "1,000", "１２３", "٣", "½", "一百", "true", "否", "2026-02-30", "0000-00-00",
    "9999-12-31", "0001-01-01", "2026-11-21T25:00", "2026-11-21T09:00+99:00", "2026-W47", "20261121", "2026/11/21", "明天",
    "\x00", "a\x00b", "\n", "a\nb", "\r\n", "\t", "\x1b[2J", "\x07", "\x7f", "\x85", "\u200b", "\u202e123", "\u2028", "\ufeff",
    "\udcff", "甲\udcfe乙", "\U0001f600", "👨‍👩‍👧", "e\u0301" * 20, "示范" * 5, "汉" * 300, "x" * 5000, "ﬁ", "①", "Ａ", "：", ":", "a:b", "/", "//",
    ".", "..", "~", "con", "@x", "#", "{", "[]", '{"a": 1}', '[{"device_type": "x", "cap": 1, "count": 1}]', "[1]", "[[]]",
    '[{"cap": NaN}]', "[" * 2000, "1016000001 ", "012611230001;", "YXZY-YY-334", "334", "gm", "rename", "更名", "notice:x",
]  # fmt: skip

CASES = [f"01261123000{n}" for n in range(8)] + ["０１２６１１２３０００１", "0126 1123 0004", "1016000001"]
CUSTOMERS = [
    "1016000001",
    "1016000002",
    "1016000004",
    "1016000008",
    "1016000013",
    "1016000020",
    "1016000099",
    "9",
]
OPERATORS = [
    "trainer",
    "acceptance_clerk",
    "contract_manager",
    "archivist",
    "cashier",
    "supervisor",
    "nobody",
]
STEPS = [
    "acceptance",
    "业务受理",
    "contract_change",
    "合同变更",
    "data_archiving",
    "follow_up",
    "归档",
    "completed",
]
TIMES = [
    "2026-11-23",
    "2030-01-01T00:00",
    "1970-01-01",
    "9999-12-31",
    "0001-01-01",
    "2026-12-31T23:59:59+08:00",
    "明天",
]
PAIRS = [
    "new_name=示范新厂", "新用户名=甲", "联系人=安知行", "移动电话=13800001111", "印章=01", "证照有效期止=2030-01-01", "变更后容量=100",
    "是否变更合同=否", "用电设备信息=[{\"device_type\": \"灯\", \"cap\": 1, \"count\": 2}]", "agreement_no=X", "回访结果=1", "满意度=1", "档案号=1",
    "cons_no=1", "new_name=", "seal=99", "mobile=\x00", "变更后容量=1e999", "证照有效期止=9999-12-31", "new_name=\udcff", "=",
]  # fmt: skip
WHERE = [
    "用户编号=1016",
    "用户名称=测试",
    "用电地址=路",
    "行业分类=水泥",
    "抄表段编号=9940401001",
    "org_no=99401",
    "合同容量=1",
    "状态=0",
    "run_cap=",
]
PATHS = [
    "good.jsonl", "huge.csv", "binary", "folder", "empty", "form.yaml", "missing", "no/such/file", "yk.db", "yk.json", "out.json",
    "out.csv", "out.xlsx", "out.md", "-", "/dev/null", "/proc/self/mem", "x" * 300, "folder/x.jsonl",
]  # fmt: skip
OUTPUTS = [*(path for path in PATHS if not path.startswith("yk.")), "/dev/full"]
"""Reading /dev/full would never end; writing to a store that is not in use replaces it, and may."""
STORE_URLS = [
    "yk.db", "sqlite:///yk.db", "json:///yk.json", "memory://", "sqlite:///folder", "sqlite:///", "json:///new.json", "new.db",
    "mysql://x", "postgresql://127.0.0.1:1/x", "sqlite:///binary", "json:///binary", "empty", "form.yaml",
]  # fmt: skip
ENTITIES = ["customer", "用电客户", "meter", "receivable", "line", "party", "contact", "nothing"]
WORDS = ["示范", "a", "1", "x y", "更名", "合同"]
POOLS = {
    "case": CASES, "customer": CUSTOMERS, "cons_no": CUSTOMERS, "flow": ["更名", "rename", "334"],
    "word": ["更名", "rename", "334"], "to": STEPS, "step": STEPS, "until": STEPS, "values": PAIRS, "wanted": WHERE, "files": PATHS,
    "material": ["M01", "M03", "m31", "用电申请书", "社区用电证明", "M99"], "defer": ["2026-12-01", "2026-11-01", "2099-01-01", "明天"],
    "ids": ["2.R1.C3", "YXZY-YY-334.2.R1.C3", "2.R1.C2", "1.R1.C1", "9.R9.C9"], "doc": ["application", "客户联系卡", "notice", "archive_card"],
    "dept": ["ops", "运检部"], "operator_id": ["li01", "王示范", "trainer", "a b"], "roles": ["approver", "业务受理人员", "x"],
    "org": ["99401", "城东", ""], "entity": ENTITIES, "file": PATHS, "url": STORE_URLS, "code": ["334", "YXZY-YY-334", "1"],
    "names": ["store", "operator", "x"], "name": ["李示范", "store", "lamp_warn_days"], "value": ["1", "x", ""],
    "shell": ["bash", "zsh"], "reason": ["客户撤单", "材料不齐"], "archetype": ["acceptance", "x"],
    "reading_path": OUTPUTS, "path": OUTPUTS, "target": [*CASES, "更名", "rename", "gm", *OUTPUTS], "rejects": OUTPUTS,
}  # fmt: skip
STORE_READERS = (["store", "restore"], ["store", "load"])
AFTER_DAMAGE: list[list[str]] = [
    ["case", "list"], ["case", "list", "--mine", "--json"], ["case", "show", "012611230001"], ["case", "log", "012611230004"],
    ["case", "checklist", "012611230004"], ["case", "verify", "012611230001", "--json"], ["case", "send", "012611230001", "--json"],
    ["case", "set", "012611230004", "联系人=安知行"], ["case", "run", "012611230004", "--confirm-all", "--fill"], ["case", "sweep"],
    ["case", "open", "更名", "--customer", "1016000020"], ["customer", "list", "--limit", "3"], ["customer", "show", "1016000001"],
    ["customer", "export", "-o", "e.jsonl"], ["customer", "import", "good.jsonl"], ["operator", "list"], ["store", "info"],
    ["operator", "add", "li", "--name", "李", "--role", "approver"], ["store", "check", "--json"], ["store", "dump", "d.json"],
    ["store", "backup", "b.db"], ["line", "list"], ["area", "list"], ["init", "--demo"], ["init", "--demo", "--force"],
]  # fmt: skip
