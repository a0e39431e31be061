"""All benchmarks, one after another."""

import runpy
from pathlib import Path

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    for name in ("help", "embedded", "realism"):
        print(f"\n== {name}")
        runpy.run_path(str(HERE / f"{name}.py"), run_name="__main__")
