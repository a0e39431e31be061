"""What `fluxloop --help` costs beside importing click alone."""

import sys

from pairing import command_cpu, ratio, tell


def main() -> None:
    """Print the ratio."""
    ours = command_cpu([sys.executable, "-m", "fluxloop.cli.main", "--help"])
    theirs = command_cpu([sys.executable, "-c", "import click"])
    tell("fluxloop --help / python -c 'import click' (CPU)", ratio(ours, theirs, 15), 1.8)


if __name__ == "__main__":
    main()
