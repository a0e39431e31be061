"""An editor for tests: `typist.py OLD NEW FILE` replaces one word by another."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    old, new, name = sys.argv[1:]
    page = Path(name)
    page.write_text(page.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
