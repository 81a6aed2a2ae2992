"""Another county put in place beside a running console, as an import does: the same land, called otherwise."""

import json
import shutil
import sqlite3
from pathlib import Path

from county.store import county_folder, new_folder, swap_in
from vocabulary.ids import new_id


def import_another(home: Path, *, broken: bool = False) -> str:
    """Put another county in place as an import does: the same land, called otherwise; returns its version."""
    built = new_folder(home)
    shutil.copytree(county_folder(home), built, dirs_exist_ok=True)
    facts = json.loads((built / "county.json").read_text("utf-8"))
    facts |= {"version": new_id(), "code": "990299", "name_zh": "新桥县", "name_en": "Newbridge"}
    (built / "county.json").write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    if broken:
        (built / "county.gpkg").write_bytes(b"no database" * 100)
    else:
        with sqlite3.connect(built / "county.gpkg") as base:
            for name in ("IsEmpty", "MinX", "MaxX", "MinY", "MaxY"):  # the index's, which rest here
                base.create_function(f"ST_{name}", 1, lambda _shape: 0)
            base.execute("UPDATE towns SET name = '新' || name")
            base.execute("UPDATE places SET name = '新' || name WHERE name != ''")
        base.close()
    swap_in(built, home)
    return str(facts["version"])


def put_back(home: Path, kept: Path) -> None:
    """Put the county kept in `kept` in place again."""
    built = new_folder(home)
    shutil.copytree(kept, built, dirs_exist_ok=True)
    swap_in(built, home)
