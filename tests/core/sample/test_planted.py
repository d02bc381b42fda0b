"""The planted secrets are where the sample says, and nowhere else."""

import subprocess

from espalier.core.sample import PlantedSecret, Sample
from espalier.core.sample.history import COMPANY


def git(sample: Sample, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(sample.path), *arguments], check=True, capture_output=True).stdout


def text_of(data: bytes) -> str:
    return data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8")


def versions(sample: Sample) -> set[tuple[str, str]]:
    """Every path with every text that it ever had, as git tells."""
    raw = git(sample, "log", "--all", "--raw", "-m", "--root", "--no-renames", "--no-abbrev", "--format=").decode()
    changes = {tuple(line.split()[3::2]) for line in raw.splitlines() if line}
    return {(path, text_of(git(sample, "cat-file", "blob", oid))) for oid, path in changes if set(oid) != {"0"}}


def found_in_files(sample: Sample, secret: PlantedSecret, ever: set[tuple[str, str]]) -> set[str]:
    """By reading every version of every file, independently of how the places were computed."""
    head = {path: text_of((sample.path / path).read_bytes()) for path in git(sample, "ls-files").decode().split()}
    places = {f"head:{path}" for path, text in head.items() if secret.value in text}
    past = {path for path, text in ever if secret.value in text and secret.value not in head.get(path, "")}
    return places | {f"past:{path}" for path in past}


def found_elsewhere(sample: Sample, secret: PlantedSecret) -> set[str]:
    messages = {oid: git(sample, "log", "-1", "--format=%B", oid).decode() for oid in sample.commits.values()}
    places = {f"message:{oid}" for oid, message in messages.items() if secret.value in message}
    for row in sample.tickets.read_text("utf-8").splitlines():
        if secret.value in row:
            places.add(f"ticket:{row.partition(',')[0]}")
    return places


def test_that_every_secret_is_exactly_where_it_is_said_to_be(sample: Sample) -> None:
    ever = versions(sample)
    assert len(ever) > 250
    for secret in sample.secrets:
        assert found_in_files(sample, secret, ever) | found_elsewhere(sample, secret) == set(secret.where), secret.name


def test_that_secrets_lie_in_all_kinds_of_places(sample: Sample) -> None:
    kinds = {place.partition(":")[0] for secret in sample.secrets for place in secret.where}
    assert kinds == {"head", "past", "message", "ticket"}
    assert len(sample.secrets) == 10
    (twice,) = [secret for secret in sample.secrets if len(secret.where) > 1]
    assert twice.name == "aws_key_id"


def test_that_one_secret_lies_in_a_utf16_file(sample: Sample) -> None:
    data = (sample.path / "deploy/windows/runner.ini").read_bytes()
    assert data.startswith(b"\xff\xfe")
    secret = next(secret for secret in sample.secrets if secret.name == "gitlab_token")
    assert secret.value.encode() not in data
    assert secret.value in data.decode("utf-16")


def test_that_no_secret_is_in_our_source(sample: Sample) -> None:
    ours = [path.read_text("utf-8") for path in COMPANY.parent.rglob("*") if path.suffix in {".py", ".txt", ".toml"}]
    assert len(ours) > 60
    assert not [secret.name for secret in sample.secrets if any(secret.value in text for text in ours)]


def test_that_no_secret_is_left_as_its_name(sample: Sample) -> None:
    names = ["{{" + secret.name + "}}" for secret in sample.secrets]
    history = git(sample, "log", "--all", "--patch", "-m", "--text", "--format=%B").decode("utf-8", "replace")
    assert not [name for name in [*names, "{{commit:"] if name in history or name in sample.tickets.read_text("utf-8")]


def test_that_a_secret_does_not_show_in_its_repr(sample: Sample) -> None:
    assert not [secret.name for secret in sample.secrets if secret.value in repr(secret)]
