"""The surface of 1,000 embedded inputs beside the bands that real messages lie in."""

import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from pairing import ENV

from fluxloop.style.features import features_of
from fluxloop.style.metrics import set_metrics

BANDS = {
    "five_words_or_fewer": (0.08, 0.35),
    "lower_start": (0.10, 0.60),
    "no_end_mark": (0.10, 0.60),
    "polite": (0.02, 0.20),
    "several_sentences": (0.10, 0.45),
    "length_cv": (0.55, None),
    "distinct_2": (0.42, None),
    "gzip_ratio": (None, 3.3),
    "commonest_opening": (None, 0.05),
    "assistant_phrases": (None, 0.0),
}


def main() -> None:
    """Generate 1,000 in the default mix and print each figure, in all and per persona."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "fluxloop.cli.main", "-q", "inputs", "generate", "--provider", "embedded"]
        subprocess.run([*command, "--count", "1000"], cwd=folder, env=ENV, check=True, stdout=subprocess.DEVNULL)
        data = yaml.load(Path(folder, "inputs/generated.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    rows = data["generated_inputs"]
    groups = {"all": [row["text"] for row in rows]}
    for row in rows:
        groups.setdefault(row["persona"], []).append(row["text"])
    figures = {name: set_metrics(texts) for name, texts in groups.items()}
    print(f"{'':22}{'band':>14}" + "".join(f"{name:>18}" for name in figures))
    for metric, (low, high) in BANDS.items():
        values = [getattr(figures[name], metric) for name in figures]
        band = f"{'' if low is None else low}-{'' if high is None else high}"
        inside = (low is None or values[0] >= low) and (high is None or values[0] <= high)
        print(
            f"{metric:22}{band:>14}"
            + "".join(f"{value:18.3f}" for value in values)
            + ("  ok" if inside else "  MISSED")
        )
    assert all(features_of(text).words for text in groups["all"])


if __name__ == "__main__":
    main()
