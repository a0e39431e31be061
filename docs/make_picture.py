"""Make docs/terminal.svg from a real run: python docs/make_picture.py (in the project's virtual environment)."""

from __future__ import annotations

import re
import shlex
import subprocess
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COMMANDS = (
    "fluxloop init shop",
    "fluxloop inputs generate",
    "fluxloop inputs list --limit 14",
    "fluxloop inputs validate",
    "fluxloop inputs approve",
    "fluxloop bundles create --name regression_v1",
    "fluxloop test --bundle regression_v1",
)
SHOWN = {"fluxloop init shop": 1, "fluxloop test --bundle regression_v1": 30}


def main() -> None:
    """Run the commands in a new project and draw what they print."""
    console = Console(record=True, width=104, file=open("/dev/null", "w"), force_terminal=True)  # noqa: SIM115, PTH123
    with tempfile.TemporaryDirectory() as folder:
        for command in COMMANDS:
            where = Path(folder, "shop") if Path(folder, "shop").exists() else Path(folder)
            done = subprocess.run(shlex.split(command), cwd=where, capture_output=True, text=True, check=False)
            console.print(Text(f"$ {command}", style="bold green"))
            for line in done.stdout.rstrip().splitlines()[: SHOWN.get(command, 100)]:
                console.print(Text(line if len(line) < 104 else line[:102] + "…"))
            console.print()
    svg = console.export_svg(title="fluxloop")
    without_fonts = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # they would be fetched from elsewhere
    Path(__file__).with_name("terminal.svg").write_text(without_fonts, encoding="utf-8")


if __name__ == "__main__":
    main()
