"""`fluxloop bundles`: create, list, show, verify, diff, delete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Ran, run, tree, write_files

GENERATED = """\
generated_inputs:
  - {id: input_001, persona: novice_user, text: "where is my invoice", status: approved, metadata: {topic: billing}}
  - {id: input_002, persona: expert_user, text: "429 on POST /users", status: approved, metadata: {topic: api}}
  - {id: input_003, persona: expert_user, text: "webhook retries?", status: approved, metadata: {topic: webhooks}}
  - {id: input_004, persona: novice_user, text: "is it free", status: pending, metadata: {topic: billing}}
  - {id: input_005, persona: novice_user, text: "never mind", status: rejected, metadata: {topic: billing}}
"""
MANUAL = """\
inputs:
  - {id: mine_1, persona: novice_user, text: "", status: approved, metadata: {topic: billing}}
  - {id: mine_2, text: "What if I have 10,000,000 users?", importance: critical, metadata: {topic: scale}}
"""
NO_MIX = "product:\n  name: Parcelo\n"


@pytest.fixture
def shop(project: Path) -> Path:
    """Seven inputs: five that can be frozen, one of them critical and pending, one rejected."""
    write_files(project, {"fluxloop.yaml": NO_MIX, "inputs/generated.yaml": GENERATED, "inputs/manual.yaml": MANUAL})
    return project


def create(cwd: Path, *args: str, name: str = "v1") -> Ran:
    return run(["bundles", "create", "--name", name, *args], cwd)


def ids(cwd: Path, name: str = "v1") -> list[str]:
    return [one["id"] for one in json.loads(run(["bundles", "show", name, "--json"], cwd)[1])["inputs"]]


def kept(folder: Path) -> dict[str, bytes]:
    """The files of a project without its private folder."""
    return {name: text for name, text in tree(folder).items() if not name.startswith(".fluxloop/")}


def test_create_freezes_what_is_approved_and_what_is_critical(shop: Path) -> None:
    """With text and personas, so that later changes of either do not reach the bundle."""
    code, out, err = create(shop, "--description", "before each merge")
    assert (code, err) == (0, "note: 1 of 5 inputs are pending: nobody has approved them.\n")
    assert out == "✅ Froze 5 inputs and 2 personas in bundles/v1.yaml\nNext: `fluxloop test --bundle v1`\n"
    assert ids(shop) == ["input_001", "input_002", "input_003", "mine_1", "mine_2"]
    before = run(["bundles", "show", "v1"], shop)
    write_files(shop, {"inputs/generated.yaml": GENERATED.replace("where", "WHERE")})
    assert run(["bundles", "show", "v1"], shop) == before


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--persona", "expert_user"], ["input_002", "input_003", "mine_2"]),
        (["--topic", "Billing"], ["input_001", "mine_1", "mine_2"]),
        (["--topic", "api", "--topic", "webhooks"], ["input_002", "input_003", "mine_2"]),
        (["--inputs", "inputs/generated.yaml"], ["input_001", "input_002", "input_003"]),
        (["--inputs", "generated.yaml", "manual.yaml", "--size", "1"], ["mine_2"]),
        (["--status", "pending"], ["input_004", "mine_2"]),
        (["--include-pending", "--topic", "billing"], ["input_001", "input_004", "mine_1", "mine_2"]),
    ],
)
def test_what_is_asked_for_is_chosen(flags: list[str], expected: list[str], shop: Path) -> None:
    """Filters join; a critical manual input is in whatever they say."""
    assert create(shop, *flags)[0] == 0
    assert ids(shop) == expected


def test_the_mix_of_a_flag_is_kept_by_leaving_inputs_out(shop: Path) -> None:
    """`--mix` is exact where there are enough inputs; two manual ones allow two synthetic."""
    assert create(shop, "--mix", "synthetic=40,manual=60")[0] == 0
    sources = ["synthetic" if name.startswith("input") else "manual" for name in ids(shop)]
    assert (sources.count("synthetic"), sources.count("manual")) == (2, 2)


def test_the_mix_of_the_settings_holds_without_a_flag(shop: Path) -> None:
    """`inputs: {synthetic: 80%}` is a wish: what cannot be kept is said on stderr."""
    write_files(shop, {"fluxloop.yaml": NO_MIX + "inputs:\n  synthetic: 80%\n  manual: 20%\n"})
    code, _, err = create(shop)
    assert (code, "80:20" in err) == (0, True)
    assert "80:20" not in create(shop, "--mix", "synthetic=60,manual=40", name="v2")[2]


def test_create_json_is_the_new_bundle_alone(shop: Path) -> None:
    """The keys of `list --json`, and the notes."""
    code, out, _ = create(shop, "--json")
    data = json.loads(out)
    listed = json.loads(run(["bundles", "list", "--json"], shop)[1])
    assert code == 0
    assert [data] == [one | {"notes": data["notes"]} for one in listed]
    head = ["name", "description", "version", "created", "content_hash", "intact", "inputs", "personas"]
    assert list(listed[0]) == head


def test_the_same_inputs_give_the_same_hash(shop: Path) -> None:
    """Name, description and day do not count."""
    create(shop, name="a")
    create(shop, "--description", "again", name="b")
    first, second = json.loads(run(["bundles", "list", "--json"], shop)[1])
    assert first["content_hash"] == second["content_hash"]
    assert run(["bundles", "diff", "a", "b"], shop) == (0, "a and b hold the same.\n", "")


def test_an_existing_bundle_is_never_replaced(shop: Path) -> None:
    """The name and both ways out are told; the file stays byte for byte."""
    create(shop)
    before = kept(shop)
    code, out, err = create(shop)
    assert (code, out, kept(shop)) == (1, "", before)
    assert err == (
        "Error: bundles/v1.yaml: this bundle is there already\n"
        "Choose another name, or remove it first: `fluxloop bundles delete v1`.\n"
    )


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        (["--persona", "novise_user"], 5, "Did you mean `novice_user`?"),
        (["--topic", "biling"], 5, "Did you mean `billing`?"),
        (["--inputs", "inputs/generatd.yaml"], 5, "Did you mean `inputs/generated.yaml`?"),
        (["inputs/manual.yaml"], 2, "Did you mean `--inputs inputs/manual.yaml`?"),
        (["--mix", "synthetic=80,human=20"], 2, "`human=20` is no share"),
        (["--mix", "synthetic=lots"], 2, "the share of synthetic is `lots`"),
        (["--mix", "synthetic=-1"], 2, "shares are 0 or more"),
        (["--mix", "synthetic=0,manual=0"], 2, "both shares are 0"),
        (["--mix", ","], 2, "Write --mix synthetic=80,manual=20."),
        (["--size", "0"], 2, "--size"),
        (["--name", "../evil"], 2, "cannot be the name of a bundle"),
        (["--name", ""], 2, "cannot be the name of a bundle"),
        (["--inputs", "inputs/generated.yaml", "--topic", "webhooks", "--persona", "novice_user"], 1, "None of 5"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(flags: list[str], code: int, said: str, shop: Path) -> None:
    """Each with its own exit code, what to do, and no traceback."""
    before = kept(shop)
    ended, out, err = create(shop, *flags)
    assert (ended, out, kept(shop)) == (code, "", before), err
    assert said in err
    assert "Traceback" not in err


def test_nothing_approved_names_the_way_to_approve(shop: Path) -> None:
    """A critical input alone is no bundle: somebody forgot to approve."""
    text = GENERATED.replace("approved", "pending")
    write_files(shop, {"inputs/generated.yaml": text, "inputs/manual.yaml": MANUAL.replace("approved", "pending")})
    code, out, err = create(shop)
    assert (code, out) == (1, "")
    assert err == (
        "Error: No input is approved yet; 6 are pending.\n"
        "Run `fluxloop inputs approve` (or `fluxloop inputs review`), or take them with --include-pending.\n"
    )
    assert create(shop, "--include-pending")[0] == 0


def test_no_inputs_at_all_names_the_way_to_some(project: Path) -> None:
    """An empty project has nothing to freeze."""
    code, out, err = create(project)
    assert (code, out) == (1, "")
    assert err == "Error: There are no inputs to freeze.\nWrite some with `fluxloop inputs generate`.\n"


def test_a_broken_input_file_is_told_with_its_place(shop: Path) -> None:
    """Nothing is frozen from files that cannot be read whole."""
    write_files(shop, {"inputs/manual.yaml": "inputs:\n  - {text: hi\n"})
    code, out, err = create(shop)
    assert (code, out, (shop / "bundles").exists()) == (2, "", False)
    assert err.startswith("Error: inputs/manual.yaml:2: ")


def test_a_bundles_folder_that_cannot_be_made_is_told(shop: Path) -> None:
    """Place, cause, and nothing half written."""
    (shop / "bundles").write_text("a file where a folder should be")
    before = kept(shop)
    code, out, err = create(shop)
    assert (code, out, kept(shop)) == (1, "", before)
    assert "bundles/v1.yaml: cannot be written" in err


def test_list_and_show_are_for_people(shop: Path) -> None:
    """Numbers, a short hash, whether it is what was frozen; then one line an input."""
    create(shop, "--topic", "billing", "--description", "money")
    listed = run(["bundles", "list"], shop)[1].splitlines()
    assert listed[0].split() == ["name", "inputs", "personas", "created", "hash", "description"]
    assert [*listed[1].split()[:3], *listed[1].split()[-2:]] == ["v1", "3", "1", "unchanged", "money"]
    shown = run(["bundles", "show", "v1"], shop)[1]
    assert shown.startswith("v1 · unchanged\n  what for  money\n")
    assert "  inputs    3: 1 synthetic, 2 manual\n  personas  novice_user\n" in shown
    assert shown.endswith(
        """
id         persona      source     topic    text
input_001  novice_user  synthetic  billing  where is my invoice
mine_1     novice_user  manual     billing  (empty)
mine_2     -            manual     scale    What if I have 10,000,000 users?
"""
    )


def test_without_bundles_lists_are_empty(project: Path) -> None:
    """No error, a hint on stderr, nothing written."""
    hint = "No bundles yet: `fluxloop bundles create --name NAME` freezes the approved inputs.\n"
    assert run(["bundles", "list"], project) == (0, "", hint)
    assert run(["bundles", "verify"], project) == (0, "", hint)
    assert run(["bundles", "list", "--json"], project) == (0, "[]\n", "")
    assert set(tree(project)) == {"fluxloop.yaml"}


def test_verify_fails_on_a_changed_file(shop: Path) -> None:
    """Exit 1, the bundle and its file named; as JSON with `intact`."""
    create(shop, name="a")
    create(shop, name="b")
    assert run(["bundles", "verify"], shop) == (0, "✅ a: unchanged, 5 inputs\n✅ b: unchanged, 5 inputs\n", "")
    path = shop / "bundles/b.yaml"
    path.write_text(path.read_text().replace("where is my invoice", "where is my money"))
    code, out, err = run(["bundles", "verify"], shop)
    assert (code, err, out.splitlines()[0]) == (1, "", "✅ a: unchanged, 5 inputs")
    assert out.splitlines()[1].startswith("❌ b: bundles/b.yaml has changed since it was frozen; ")
    assert run(["bundles", "verify", "a"], shop)[0] == 0
    code, out, _ = run(["bundles", "verify", "b", "--json"], shop)
    assert (code, json.loads(out)) == (1, [{"name": "b", "intact": False, "file": "bundles/b.yaml"}])


def test_a_note_in_a_bundle_file_changes_nothing(shop: Path) -> None:
    """The hash is over what the bundle says, not over its comments."""
    create(shop)
    path = shop / "bundles/v1.yaml"
    path.write_text("# for the release\n" + path.read_text())
    assert run(["bundles", "verify"], shop)[0] == 0


def test_diff_tells_inputs_and_personas_apart(shop: Path) -> None:
    """Removed, added, changed with both texts, then personas."""
    create(shop, "--topic", "billing", name="a")
    write_files(shop, {"inputs/generated.yaml": GENERATED.replace("where is", "wheres")})
    create(shop, name="b")
    code, out, err = run(["bundles", "diff", "a", "b"], shop)
    assert (code, err) == (0, "")
    assert (
        out
        == """\
+ input_002: 429 on POST /users
+ input_003: webhook retries?
~ input_001: text
    - where is my invoice
    + wheres my invoice
+ persona expert_user
"""
    )
    data = json.loads(run(["bundles", "diff", "b", "a", "--json"], shop)[1])
    assert data["removed"] == ["input_002", "input_003"]
    assert (data["changed"], data["personas_removed"]) == (["input_001"], ["expert_user"])


@pytest.mark.parametrize("args", [["show", "v2"], ["verify", "v1", "v2"], ["diff", "v1", "v2"], ["delete", "v1", "v2"]])
def test_an_unknown_bundle_names_the_nearest_and_changes_nothing(args: list[str], shop: Path) -> None:
    """Exit 5; of several names to delete none is deleted when one is wrong."""
    create(shop)
    code, out, err = run(["bundles", *args], shop)
    assert (code, out) == (5, "")
    assert err == "Error: There is no bundle `v2`.\nDid you mean `v1`?\n"
    assert (shop / "bundles/v1.yaml").exists()


def test_a_broken_bundle_is_told_with_its_place(shop: Path) -> None:
    """Exit 2, `file:line:`, no traceback."""
    write_files(shop, {"bundles/v1.yaml": "name: v1\ninputs: [\n"})
    code, out, err = run(["bundles", "show", "v1"], shop)
    assert (code, out) == (2, "")
    assert err.startswith("Error: bundles/v1.yaml:")


def test_delete_needs_yes_where_nobody_can_be_asked(shop: Path) -> None:
    """No question without a terminal, and no deletion without an answer."""
    create(shop)
    code, out, err = run(["bundles", "delete", "v1"], shop)
    assert (code, out, (shop / "bundles/v1.yaml").exists()) == (2, "", True)
    assert "--yes" in err
    assert run(["bundles", "delete", "v1", "--yes"], shop) == (0, "Deleted bundles/v1.yaml\n", "")
    assert not (shop / "bundles/v1.yaml").exists()
