"""A bundle is checked from itself alone, and every way of tampering with it is named."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.release import made

from espalier.core.failures import UnusableInput
from espalier.core.project import roster, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.release.manifest import DEMONSTRATION
from espalier.core.release.verify import Verification, verify

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return made.write(tmp_path / "bundle")


def failed(found: Verification) -> dict[str, str]:
    return {check.name: check.why for check in found.checks if not check.passed}


def trusting(**keys: str) -> roster.Roster:
    """A roster of Ana and Ben; an argument adds lines to that person's key."""
    people = [("Ana", made.ANA, '["release", "ml"]'), ("Ben", made.BEN, '["security", "legal"]')]
    text = "format = 1\n" + "".join(
        f'[[person]]\nname = "{name}"\nroles = {roles}\n[[person.key]]\npublic = "{sshsig.public_key(key).line}"\n'
        f"{keys.get(name, '')}\n"
        for name, key, roles in people
    )
    return roster.parse(text.encode(), "roster")


def test_that_an_untouched_bundle_passes_and_names_the_key(bundle: Path) -> None:
    found = verify(bundle)
    assert failed(found) == {}
    assert found.passed and found.approved
    assert found.signer == sshsig.public_key(made.ANA).fingerprint
    assert any("who holds it was not checked" in check.why for check in found.checks)


def test_that_a_trusted_signer_is_named(bundle: Path) -> None:
    found = verify(bundle, trusting(), NOW)
    assert failed(found) == {} and found.approved
    assert any(check.name == "signer" and check.why.startswith("Ana, SHA256:") for check in found.checks)


@pytest.mark.parametrize("path", [*made.documents(made.facts()), "manifest.json"])
def test_that_a_changed_file_is_named(bundle: Path, path: str) -> None:
    data = (bundle / path).read_bytes()
    (bundle / path).write_bytes(data[:-2] + bytes([data[-2] ^ 1]) + data[-1:])
    found = verify(bundle)
    assert not found.passed and not found.approved
    if path == "manifest.json":
        assert "doesn't match what was signed" in failed(found)["signature"]
    else:
        assert f"{path} was changed" in failed(found)["files"]


@pytest.mark.parametrize("path", [*made.documents(made.facts()), "manifest.json", "manifest.sig"])
def test_that_a_missing_file_is_named(bundle: Path, path: str) -> None:
    (bundle / path).unlink()
    found = verify(bundle)
    assert not found.passed
    assert f"{path} is missing" in " ".join(failed(found).values())


@pytest.mark.parametrize(
    "path",
    [
        ".gitattributes",
        ".git/config",
        "adapter/adapter_model.bin",
        "LICENSES/.x",
        "extra.txt",
        "model_card.md",
        "adapter/x/y",
    ],
)
def test_that_an_added_file_is_named(bundle: Path, path: str) -> None:
    (bundle / path).parent.mkdir(exist_ok=True)
    (bundle / path).write_bytes(b"x")
    found = verify(bundle)
    top = path.partition("/")[0] if not path.startswith(("adapter/", "LICENSES/")) else path.removesuffix("/y")
    assert not found.passed
    assert f"{top} is not in the manifest" in failed(found)["names"]


@pytest.mark.parametrize("new", ["Evaluation.json", "evaluatiоn.json", "evaluation.json ", "evaluation\u200b.json"])
def test_that_a_renamed_file_is_named_twice(bundle: Path, new: str) -> None:
    (bundle / "evaluation.json").rename(bundle / new)
    why = failed(verify(bundle))["names"]
    assert "evaluation.json is missing" in why
    assert (new if new.isascii() else ascii(new)) in why and "is not in the manifest" in why


def test_that_a_name_can_not_speak_to_the_terminal(bundle: Path) -> None:
    (bundle / "\x1b[2J\nsigner: good").write_bytes(b"")
    (bundle / os.fsdecode(b"\xff\xfe")).write_bytes(b"")
    why = failed(verify(bundle))["names"]
    assert "\x1b" not in why and "\n" not in why and "\\x1b[2J" in why
    assert why.isprintable()


def test_that_an_empty_folder_and_a_pipe_are_no_part_of_a_bundle(bundle: Path) -> None:
    (bundle / "adapter" / "empty").mkdir()
    os.mkfifo(bundle / "pipe")
    why = failed(verify(bundle))["names"]
    assert "adapter/empty is not in the manifest" in why and "pipe is not in the manifest" in why


@pytest.mark.parametrize(
    "path", ["evaluation.json", "adapter/adapter_model.safetensors", "manifest.json", "manifest.sig"]
)
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_that_a_file_that_is_no_regular_file_is_refused(bundle: Path, tmp_path: Path, path: str, kind: str) -> None:
    shutil.copy(bundle / path, tmp_path / "same")
    (bundle / path).unlink()
    if kind == "link":
        (bundle / path).symlink_to(tmp_path / "same")
    elif kind == "pipe":
        os.mkfifo(bundle / path)
    else:
        (bundle / path).mkdir()
    found = verify(bundle)
    assert not found.passed
    assert path in " ".join(failed(found).values())


def test_that_a_linked_subfolder_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "adapter").rename(tmp_path / "elsewhere")
    (bundle / "adapter").symlink_to(tmp_path / "elsewhere")
    found = verify(bundle)
    assert "adapter is not in the manifest" in failed(found)["names"]
    assert "adapter_model.safetensors is" in failed(found)["files"]


def test_that_a_huge_file_is_refused_before_it_is_read(bundle: Path) -> None:
    for path in ("manifest.sig", "evaluation.json", "adapter/adapter_model.safetensors"):
        with (bundle / path).open("r+b") as file:
            file.truncate(1 << 40)
    found = verify(bundle)
    assert "larger than" in failed(found)["signature"]
    assert "the manifest says" in failed(found)["files"]


def test_that_thousands_of_files_are_not_listed(bundle: Path) -> None:
    for number in range(300):
        (bundle / f"{number}").touch()
    assert "more than" in failed(verify(bundle))["names"]


def test_that_another_bundles_signature_is_refused(bundle: Path, tmp_path: Path) -> None:
    other = made.write(tmp_path / "other", made.facts(not_done=[]))
    shutil.copy(other / "manifest.sig", bundle / "manifest.sig")
    found = verify(bundle)
    assert not found.passed and found.signer is None
    assert "doesn't match" in failed(found)["signature"]


@pytest.mark.parametrize("namespace", [sshsig.REVIEW, sshsig.CHECKPOINT, "file"])
def test_that_a_signature_for_another_purpose_is_refused(bundle: Path, namespace: str) -> None:
    data = (bundle / "manifest.json").read_bytes()
    (bundle / "manifest.sig").write_text(sshsig.sign(made.ANA, data, namespace))
    assert "another purpose" in failed(verify(bundle))["signature"]


def test_that_a_key_outside_the_roster_is_refused(tmp_path: Path) -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"c" * 32)
    bundle = made.write(tmp_path / "bundle", key=stranger)
    assert verify(bundle).passed
    found = verify(bundle, trusting(), NOW)
    assert not found.passed and "is not in the roster" in failed(found)["signer"]


def test_that_a_signer_without_the_role_is_refused(tmp_path: Path) -> None:
    found = verify(made.write(tmp_path / "bundle", key=made.BEN), trusting(), NOW)
    assert not found.passed and "Ben does not have the role release" in failed(found)["signer"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("valid_until = 2026-05-31", "expired"),
        ("valid_until = 2026-06-15", "expired"),
        ("valid_from = 2026-06-02", "valid only from"),
        ("revoked = true", "was revoked"),
    ],
)
def test_that_a_key_must_count_when_it_signed_and_today(bundle: Path, line: str, why: str) -> None:
    found = verify(bundle, trusting(Ana=line), NOW)
    assert not found.passed and why in failed(found)["signer"]


def test_that_a_bundle_from_the_future_is_refused(bundle: Path) -> None:
    found = verify(bundle, trusting(), datetime(2026, 5, 1, tzinfo=UTC))
    assert not found.passed and "still to come" in failed(found)["signer"]


def test_that_a_demonstration_passes_and_is_never_approved(tmp_path: Path) -> None:
    bundle = made.write(tmp_path / "bundle", made.demo_facts())
    for found in (verify(bundle), verify(bundle, trusting(), NOW)):
        assert found.passed and not found.approved
        assert failed(found) == {"approved": DEMONSTRATION}
    assert "Demonstration, not approved" in (bundle / "MODEL_CARD.md").read_text()


def changed(part: str, **values: Any) -> dict[str, Any]:
    said = made.facts()
    return {**said, part: {**said[part], **values}}


CONTRADICTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "adapter": (changed("adapter", artifact="f" * 64), "not the adapter that the run made"),
    "adapter rank": (changed("adapter", rank=9), "another r than the manifest"),
    "adapter targets": (changed("adapter", targets=["q_proj"]), "another target_modules"),
    "licence notice": (changed("licences", notices=[]), "notices"),
    "licence export": (changed("licences", export="cloud"), "most restrictive"),
    "licence terms": (changed("base", licence="LicenseRef-llama3.1"), "not installed"),
    "licence unknown": (changed("base", licence="unknown"), "not known"),
    "evaluation gate": (changed("evaluation", gates=[{"name": "loss", "passed": False, "why": "1.2"}]), "loss: 1.2"),
    "evaluation none": (changed("evaluation", gates=[]), "no gate"),
    "evaluation rates": (
        changed("evaluation", arms={"adapter": {"tests": {"passed": 2, "ran": 2, "low": 0.34, "high": 1.0}}}),
        "not those of the results",
    ),
    "approval stand-in": (
        changed("scrub", approval=made.approval(automatic=True) | {"automatic": False}),
        "its automatic differs",
    ),
    "approval demo": (changed("scrub", approval=made.approval(demonstration=True)), "its demonstration differs"),
    "approval project": (changed("scrub", approval=made.approval(project="0" * 32)), "its project differs"),
    "approval corpus": (changed("dataset", corpus="0" * 64), "its corpus differs"),
    "approval ruleset": (changed("scrub", ruleset="0" * 64), "its ruleset differs"),
    "approval decisions": (changed("scrub", decisions="0" * 64), "its decisions differs"),
    "approval signature": (changed("scrub", approval=made.approval() | {"statement": {"x": 1}}), "doesn't match"),
    "approval key": (
        changed("scrub", approval={**made.approval(), "fingerprint": "SHA256:" + "A" * 43}),
        "not by the key",
    ),
    "sign-offs run": (made.facts(sign_offs=[made.sign_off(made.ANA, "release", "Ana", run=4)]), "its run differs"),
    "sign-offs adapter": (
        made.facts(sign_offs=[made.sign_off(made.ANA, "release", "Ana", adapter="0" * 64)]),
        "adapter",
    ),
    "sign-offs role": (
        made.facts(sign_offs=[{**made.sign_off(made.ANA, "ml", "Ana"), "role": "release"}]),
        "its role differs",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_that_a_signed_contradiction_is_refused(tmp_path: Path, name: str) -> None:
    said, why = CONTRADICTIONS[name]
    found = verify(made.write(tmp_path / "bundle", said))
    assert not found.passed
    assert why in failed(found)[name.partition(" ")[0]]


def test_that_documents_must_say_what_the_manifest_says(tmp_path: Path) -> None:
    twice = canonical({"summary": made.facts()["evaluation"], "results": made.RESULTS + made.RESULTS[:1]})
    assert "twice" in failed(verify(made.write(tmp_path / "twice", files={"evaluation.json": twice})))["evaluation"]
    none = canonical({"summary": made.facts()["evaluation"], "results": "all good"})
    assert "list" in failed(verify(made.write(tmp_path / "none", files={"evaluation.json": none})))["evaluation"]
    files = {"evaluation.json": b"{}", "approval.json": b"[]", "checkpoint.json": b"[" * 100_000}
    found = failed(verify(made.write(tmp_path / "bundle", files=files)))
    assert "something else than the manifest" in found["evaluation"]
    assert "not a JSON object" in found["approval"]
    assert "not JSON" in found["checkpoint"]


def test_that_the_words_of_the_licence_must_be_the_words(tmp_path: Path) -> None:
    files = {"LICENSES/Apache-2.0.txt": b"Apache, more or less"}
    assert "text of Apache-2.0" in failed(verify(made.write(tmp_path / "bundle", files=files)))["licence"]


def test_that_an_adapter_that_names_code_is_refused(tmp_path: Path) -> None:
    config = json.dumps({**json.loads(made.CONFIG), "auto_mapping": {"base_model_class": "x"}}).encode()
    said = changed("adapter", artifact=made.artifact(config))
    said["sign_offs"] = [made.sign_off(made.ANA, "release", "Ana", adapter=made.artifact(config))]
    found = verify(made.write(tmp_path / "bundle", said, files={"adapter/adapter_config.json": config}))
    assert list(failed(found)) == ["adapter"] and "asks for auto_mapping" in failed(found)["adapter"]


def test_that_a_checkpoint_of_another_key_or_chain_is_refused(tmp_path: Path) -> None:
    said = made.facts()
    foreign = {"checkpoint.json": made.documents(said, made.BEN)["checkpoint.json"]}
    assert "another key" in failed(verify(made.write(tmp_path / "a", said, files=foreign)))["checkpoint"]
    longer = {"checkpoint.json": made.documents(changed("audit", seq=10))["checkpoint.json"]}
    assert "something else" in failed(verify(made.write(tmp_path / "b", said, files=longer)))["checkpoint"]


def two_person(*sign_offs: dict[str, object]) -> dict[str, Any]:
    policy = {**made.facts()["policy"], "name": "two-person", "sign_offs": ["legal", "ml"], "different_people": True}
    return made.facts(policy=policy, sign_offs=list(sign_offs))


def test_that_the_policys_people_must_have_signed(tmp_path: Path) -> None:
    legal, ml = made.sign_off(made.BEN, "legal", "Ben"), made.sign_off(made.ANA, "ml", "Ana")
    assert verify(made.write(tmp_path / "both", two_person(legal, ml)), trusting(), NOW).approved
    one = verify(made.write(tmp_path / "one", two_person(legal)))
    assert one.passed and not one.approved and "ml sign-off is missing" in failed(one)["approved"]
    twice = verify(made.write(tmp_path / "twice", two_person(legal, made.sign_off(made.ANA, "ml", "ben"))))
    assert twice.passed and "one person signed twice" in failed(twice)["approved"]


def test_that_a_policy_that_asks_for_nobody_approves_nothing(tmp_path: Path) -> None:
    found = verify(made.write(tmp_path / "bundle", changed("policy", sign_offs=[])))
    assert found.passed and "nobody's sign-off" in failed(found)["approved"]


def test_that_the_approver_needs_the_role_in_the_roster(tmp_path: Path) -> None:
    by_ana = {**made.facts()["scrub"], "approval": made.approval(made.ANA)}
    bundle = made.write(tmp_path / "bundle", made.facts(scrub=by_ana))
    assert verify(bundle).approved
    found = verify(bundle, trusting(), NOW)
    assert found.passed and "does not have the role security" in failed(found)["approved"]


def test_that_a_statement_that_has_no_canonical_form_is_refused(tmp_path: Path) -> None:
    for number, statement in enumerate(
        ('{"seq":1e999}', '{"x":' + "9" * 400 + "}", '{"x":"\\ud800"}', "[" * 900 + "]" * 900)
    ):
        files = {"checkpoint.json": f'{{"signature":"x","statement":{statement}}}'.encode()}
        assert "checkpoint" in failed(verify(made.write(tmp_path / f"{number}", files=files)))


def test_that_the_roster_and_not_the_manifest_says_who_somebody_is(tmp_path: Path) -> None:
    same = made.sign_off(made.BEN, "ml", "Somebody Else")
    bundle = made.write(tmp_path / "bundle", two_person(made.sign_off(made.BEN, "legal", "Ben"), same))
    assert verify(bundle).approved
    found = verify(bundle, trusting(), NOW)
    assert found.passed and "Ben does not have the role ml" in failed(found)["approved"]


def test_that_ssh_keygen_accepts_the_signature(bundle: Path, tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("openssh-client is not installed")
    (tmp_path / "allowed").write_text(f"ana {sshsig.public_key(made.ANA).line}\n")
    command = ["ssh-keygen", "-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "ana", "-n", sshsig.RELEASE]
    with (bundle / "manifest.json").open("rb") as manifest:
        done = subprocess.run(
            [*command, "-s", str(bundle / "manifest.sig")], stdin=manifest, capture_output=True, check=False
        )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (b"", "form of a manifest"),
        (b"[" * 100_000, "form of a manifest"),
        (b"\xff\xfe", "form of a manifest"),
        (b'{"format": "espalier-release/2"}', "format"),
    ],
)
def test_that_garbage_signed_is_still_garbage(bundle: Path, broken: bytes, why: str) -> None:
    made.sign(bundle, broken)
    found = verify(bundle)
    assert not found.passed and why in failed(found)["manifest"]


def test_that_a_manifest_with_two_readings_is_refused(bundle: Path) -> None:
    data = (bundle / "manifest.json").read_bytes()
    for broken in (data + b"\n", data.replace(b'{"adapter":', b'{"notice":"","adapter":', 1)):
        made.sign(bundle, broken)
        assert "canonical" in failed(verify(bundle))["manifest"]


@pytest.mark.parametrize(
    "path", ["../escape", "/etc/passwd", "adapter/../x", "adapter/x.bin", ".hidden", "LICENSES/a/b.txt"]
)
def test_that_a_manifest_can_not_list_other_paths(bundle: Path, path: str) -> None:
    said = json.loads((bundle / "manifest.json").read_bytes())
    said["files"] = sorted([*said["files"], {"path": path, "size": 0, "sha256": "0" * 64}], key=lambda one: one["path"])
    made.sign(bundle, canonical(said))
    assert "files" in failed(verify(bundle))["manifest"]


def test_that_a_date_that_is_none_is_refused(bundle: Path) -> None:
    said = json.loads((bundle / "manifest.json").read_bytes())
    said["bundle"]["created_at"] = "2026-99-99T12:00:00Z"
    made.sign(bundle, canonical(said))
    assert "created_at" in failed(verify(bundle))["manifest"]


def test_that_no_folder_is_said_to_be_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "none", tmp_path / "file", Path("a\0b")):
        with pytest.raises(UnusableInput):
            verify(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["manifest.json", "manifest.sig", "checkpoint.json", "adapter/adapter_config.json"]),
    where=st.integers(0, 1 << 16),
    junk=st.binary(min_size=1, max_size=40),
)
def test_that_no_bytes_crash_the_verifier_or_pass(tmp_path: Path, path: str, where: int, junk: bytes) -> None:
    bundle = tmp_path / "fuzzed"
    if not bundle.exists():
        made.write(bundle)
    good = (bundle / path).read_bytes()
    at = where % len(good)
    broken = good[:at] + junk + good[at + len(junk) :]
    (bundle / path).write_bytes(broken)
    try:
        assert verify(bundle).passed is (broken == good or (path == "manifest.sig" and broken.split() == good.split()))
    finally:
        (bundle / path).write_bytes(good)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.lists(st.sampled_from(sorted(made.facts())), min_size=1, max_size=2),
    value=st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8) | st.floats(allow_nan=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    ),
)
def test_that_no_signed_json_crashes_the_verifier(tmp_path: Path, keys: list[str], value: Any) -> None:
    bundle = tmp_path / "fuzzed"
    if not bundle.exists():
        made.write(bundle)
    said = json.loads((bundle / "manifest.json").read_bytes())
    good = canonical(said)
    try:
        made.sign(bundle, canonical({**said, **dict.fromkeys(keys, value)}))
        verify(bundle)
    except ValueError:  # what canonical JSON can't hold was never a manifest
        return
    finally:
        made.sign(bundle, good)
