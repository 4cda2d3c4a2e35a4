"""Effects on the paper archive."""

from __future__ import annotations

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.facts import Facts


@effect("登记档案号、档案柜、档案盒", basis="NX 图1-10")
def store_documents(f: Facts) -> Change:
    """Where the papers of this work order lie."""
    stored_at = f.get("stored_at")[:19] or None  # the archive keeps Beijing time without offset
    record = {
        "rec_id": f.case,
        "cons_no": f.data.get("cons_no"),
        "app_no": f.case,
        "file_no": f.data.get("file_no"),
        "cabinet": f.data.get("cabinet"),
        "box": f.data.get("box"),
        "keeper": f.data.get("keeper"),
        "stored_at": stored_at,
        "location": f.data.get("location"),
        "content": f.data.get("change_content"),
    }
    papers = tuple(
        (
            "customer_document",
            {
                "doc_id": f"{f.case}-{code}",
                "cons_no": f.data.get("cons_no"),
                "code": code,
                "name": handed.get("name"),
                "valid_to": f.data.get("new_cert_end") if code in ("M02", "M03") else None,
                "original": "1" if handed.get("original") else "0",
                "copies": 1,
                "app_no": f.case,
                "stored_at": stored_at,
            },
        )
        for code, handed in sorted(f.materials.items())
        if handed.get("state") == "attached" and not handed.get("source")
    )
    return Change(put=(("document_record", record), *papers))
