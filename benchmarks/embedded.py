"""What the embedded writer costs, and whether it runs dry."""

import itertools
import sys
import tempfile
from pathlib import Path

import yaml
from pairing import call_cpu, command_cpu, ratio, tell

from fluxloop.filters.similarity import fold_text, grams_of, jaccard

GENERATE = [sys.executable, "-m", "fluxloop.cli.main", "-q", "inputs", "generate", "--provider", "embedded"]
TOPICS = ("billing", "authentication", "delivery", "errors", "api", "onboarding")


def main() -> None:
    """1,000 inputs against dumping them; 10,000 inputs and the twins among them."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        number = itertools.count()

        def fresh() -> float:
            project = root / str(next(number))
            project.mkdir()
            return command_cpu([*GENERATE, "--count", "1000"], project)()

        fresh()
        data = yaml.load((root / "0/inputs/generated.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        dump = call_cpu(lambda: yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True))
        tell("1,000 embedded inputs / C dump of the same file (CPU)", ratio(fresh, dump, 5), 20)
        twins(root)


def twins(root: Path) -> None:
    """10,000 inputs: none missing, and no pair at Jaccard .7 or more by exact comparison over shared grams."""
    project = root / "large"
    project.mkdir()
    topics = [word for topic in TOPICS for word in ("--topic", topic)]
    command_cpu([*GENERATE, "--count", "10000", *topics], project)()
    data = yaml.load((project / "inputs/generated.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    texts = [item["text"] for item in data["generated_inputs"]]
    tell("10,000 inputs over 18 cells: missing", 10_000 - len(texts), 0, unit="")
    tell("near twins among them (exact Jaccard of 4-grams >= .7)", count_twins(texts), 0, unit="")


def count_twins(texts: list[str], threshold: float = 0.7) -> int:
    """Pairs at or above the threshold, by prefix filtering over the rarest grams: exact, nothing sampled."""
    grams = [grams_of(fold_text(text)) for text in texts]
    counts: dict[str, int] = {}
    for gram in itertools.chain.from_iterable(grams):
        counts[gram] = counts.get(gram, 0) + 1
    index: dict[str, list[int]] = {}
    found = 0
    for place, own in enumerate(grams):
        rare = sorted(own, key=lambda gram: (counts[gram], gram))
        prefix = rare[: len(rare) - int(threshold * len(rare) + 0.999999) + 1]
        near = {other for gram in prefix for other in index.get(gram, ())}
        found += sum(jaccard(own, grams[other]) >= threshold for other in near)
        for gram in prefix:
            index.setdefault(gram, []).append(place)
    return found


if __name__ == "__main__":
    main()
