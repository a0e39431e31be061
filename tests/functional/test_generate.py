"""`fluxloop inputs plan` and `generate`, as a user runs them: exact counts, nothing overwritten, mistakes told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from .conftest import run, tree, write_files

SHARES = "novice_user:60,expert_user:30,frustrated_user:10"


def generated(folder: Path, name: str = "inputs/generated.yaml") -> list[dict]:
    """What stands in the file."""
    return yaml.safe_load((folder / name).read_text(encoding="utf-8"))["generated_inputs"]


def test_shares_are_exact_all_different_and_pass_validation(project: Path) -> None:
    """60/30/10 of 100; the last line is the one people look for; what generate keeps, validate passes."""
    code, out, err = run(["inputs", "generate", "--personas", SHARES, "--count", "100"], project)
    assert (code, out.splitlines()[-1]) == (0, "✅ Generated 100 inputs from 3 personas")
    assert "embedded" in err
    items = generated(project)
    assert Counter(item["persona"] for item in items) == {"novice_user": 60, "expert_user": 30, "frustrated_user": 10}
    assert len({item["text"] for item in items}) == 100
    assert {item["source"] for item in items} == {"synthetic"}
    assert run(["inputs", "validate"], project)[0] == 0


def test_two_runs_accumulate_and_change_nothing_that_is_there(project: Path) -> None:
    """Ids go on, the first run's bytes stay as they were, and no text comes twice."""
    run(["inputs", "generate", "--count", "20"], project)
    first = (project / "inputs/generated.yaml").read_bytes()
    assert run(["inputs", "generate", "--count", "30"], project)[0] == 0
    assert (project / "inputs/generated.yaml").read_bytes().startswith(first)
    items = generated(project)
    assert [item["id"] for item in items] == [f"input_{n:03}" for n in range(1, 51)]
    assert len({item["text"].casefold() for item in items}) == 50


def test_the_same_seed_gives_the_same_file_byte_for_byte(tmp_path: Path) -> None:
    """Two folders, one seed, one file; another seed, another file."""
    texts = []
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        write_files(tmp_path / name, {"fluxloop.yaml": ""})
        assert run(["inputs", "generate", "--count", "40", "--seed", seed], tmp_path / name)[0] == 0
        texts.append((tmp_path / name / "inputs/generated.yaml").read_bytes())
    assert texts[0] == texts[1] != texts[2]


def test_it_works_in_an_empty_folder(tmp_path: Path) -> None:
    """No project, no file, no key: defaults, built-in personas, 50 inputs."""
    code, out, _ = run(["inputs", "generate"], tmp_path)
    assert (code, out.splitlines()[-1]) == (0, "✅ Generated 50 inputs from 3 personas")


def test_the_config_of_the_documentation_is_honoured(project: Path) -> None:
    """Counts, topics, lengths and language of configs/input.yaml."""
    config = (
        "generation: {provider: embedded, temperature: 0.7, max_tokens: 100}\n"
        "personas:\n  - {id: novice_user, count: 6}\n  - {id: expert_user, count: 3}\n"
        "constraints:\n  topics: [authentication, user_management, billing]\n"
        "  max_length: 80\n  min_length: 10\n  language: english\n"
    )
    write_files(project, {"configs/input.yaml": config})
    assert run(["inputs", "generate", "--config", "configs/input.yaml"], project)[0] == 0
    items = generated(project)
    assert Counter(item["persona"] for item in items) == {"novice_user": 6, "expert_user": 3}
    assert {item["metadata"]["topic"] for item in items} == {"authentication", "user_management", "billing"}
    assert all(10 <= len(item["text"]) <= 80 for item in items)


def test_context_vocabulary_and_few_shot_show_in_the_texts(project: Path) -> None:
    """What the user says about the product occurs; what the product has not does not."""
    write_files(
        project,
        {
            "configs/input.yaml": "generation:\n  domain: healthcare\n  vocabulary: [patient records, clinical notes]\n"
            "  context: |\n    Product: Medira\n    Features: video visits\n    No: prescriptions\n",
            "few.txt": "Any bulk update endpoints?\n",
        },
    )
    args = ["inputs", "generate", "--persona", "expert_user", "--count", "60", "--few-shot", "few.txt"]
    assert run(args, project)[0] == 0
    text = "\n".join(item["text"].lower() for item in generated(project))
    assert "patient records" in text and "clinical notes" in text and "video visits" in text and "bulk update" in text
    assert "prescription" not in {item["metadata"]["topic"] for item in generated(project)}


def test_conversations_and_thoughts(project: Path) -> None:
    """`--multi-turn` writes turns in the documented shape; chain of thought stands beside the text."""
    write_files(project, {"configs/input.yaml": "generation: {chain_of_thought: true}\n"})
    args = ["inputs", "generate", "--multi-turn", "--max-turns", "4", "--persona", "frustrated_user", "--count", "8"]
    assert run(args, project)[0] == 0
    for item in generated(project):
        assert 2 <= len(item["conversation"]) <= 4
        assert [turn["turn"] for turn in item["conversation"]] == list(range(1, len(item["conversation"]) + 1))
        assert item["thought_process"].startswith("User is a")
        assert "text" not in item


def test_json_lines_are_appended(project: Path) -> None:
    """`--output x.jsonl` writes one input a line, also the second time."""
    for _ in range(2):
        assert run(["inputs", "generate", "--count", "5", "--output", "inputs/more.jsonl"], project)[0] == 0
    lines = (project / "inputs/more.jsonl").read_text(encoding="utf-8").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == 10


def test_json_on_stdout_alone(project: Path) -> None:
    """With --json stdout is JSON and nothing else, for the result and for the plan."""
    code, out, _ = run(["inputs", "generate", "--count", "5", "--json"], project)
    data = json.loads(out)
    assert code == 0 and data["generated"] == len(data["inputs"]) == 5 and data["missing"] == {}
    assert json.loads(run(["inputs", "plan", "--count", "9", "--json"], project)[1])["total"] == 9


@pytest.mark.parametrize("flag", ["--dry-run", "plan"])
def test_a_plan_and_a_dry_run_write_nothing(project: Path, flag: str) -> None:
    """Both show who writes about what; neither leaves a file."""
    before = tree(project)
    args = ["inputs", "plan"] if flag == "plan" else ["inputs", "generate", "--dry-run"]
    code, out, _ = run([*args, "--count", "12"], project)
    assert code == 0 and "12 inputs planned" in out and "coverage:" in out
    assert flag == "plan" or "Estimated cost: $0.00" in out
    assert tree(project) == before


def test_personas_write_in_their_language_or_not_at_all(project: Path) -> None:
    """German comes in German; Japanese, which the embedded writer cannot, is exit 2 and never English."""
    assert run(["inputs", "generate", "--persona", "german_customer", "--count", "10"], project)[0] == 0
    assert run(["inputs", "validate"], project)[0] == 0
    before = tree(project / "inputs")
    code, _, err = run(["inputs", "generate", "--personas", "novice_user,japanese_customer", "--count", "10"], project)
    assert code == 2 and "japanese" in err
    assert tree(project / "inputs") == before


def test_cells_that_run_dry_are_told_and_the_rest_is_kept(project: Path) -> None:
    """An impossible distance: exit 11, a table of who is short and why, everything good in the file."""
    args = ["inputs", "generate", "--persona", "novice_user", "--topic", "billing", "--count", "400"]
    code, out, err = run([*args, "--diversity-threshold", "0.97"], project)
    assert code == 11
    assert "near duplicate" in err and "novice_user" in err and "of 400" in err
    kept = len(generated(project))
    assert 0 < kept < 400 and f"Generated {kept} inputs" in out


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--count", "0"], 2, "at least 1"),
        (["--persona", "novise_user"], 5, "novice_user"),
        (["--personas", "novice_user:-1,expert_user:2"], 2, "0 or more"),
        (["--personas", "novice_user:0,expert_user:0"], 2, "zero"),
        (["--personas", "novice_user:x"], 2, "no number"),
        (["--personas", "novice_user:1,expert_user"], 2, "no weight"),
        (["--persona", "novice_user", "--personas", "expert_user"], 2, "both"),
        (["--provider", "openai"], 3, "OPENAI_API_KEY"),
        (["--model", "claude-3-haiku"], 3, "ANTHROPIC_API_KEY"),
        (["--provider", "opnai"], 5, "openai"),
        (["--config", "nope.yaml"], 5, "nope.yaml"),
        (["--output", "inputs.csv"], 2, ".yaml"),
        (["--output", "/proc/nowhere/x.yaml"], 1, "/proc/nowhere"),
        (["--diversity-threshold", "3"], 2, "0<=x<=1"),
        (["--multi-turn", "--max-turns", "1"], 2, "2 turns"),
        (["--language", "klingon"], 2, "klingon"),
        (["--few-shot", "nope.txt"], 1, "nope.txt"),
        (["--cuont", "5"], 2, "--count"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(project: Path, args: list[str], code: int, said: str) -> None:
    """Place, cause, what to do, the right exit code; no traceback, no file."""
    before = tree(project)
    got, out, err = run(["inputs", "generate", *args], project)
    assert (got, out) == (code, "")
    assert said in err and "Traceback" not in err
    assert {name: data for name, data in tree(project).items() if not name.startswith(".fluxloop/")} == before
