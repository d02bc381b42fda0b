"""A pack on its way: a project whose open findings are packed by bob, and ann who reviews them with a key of her own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.repositories.workshop import Content

from espalier.core.findings.excerpts import Known
from espalier.core.findings.index import Query
from espalier.core.findings.packs import file as pack_file
from espalier.core.findings.packs import make as pack
from espalier.core.findings.packs import review
from espalier.core.findings.packs.form import Packed
from espalier.core.findings.packs.review import Pack
from espalier.core.project import identities, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.project.key import project_key
from espalier.core.project.sshsig import PrivateKey
from espalier.core.scrub.known import KnownValues
from espalier.core.scrub.values import known_values

FILES: dict[str, Content] = {
    "a.py": f'# one\npassword = "{PASSWORD}"\ntoken = "{GITHUB}"\n# four\n',
    "k.pem": KEY + "\nafter\n",
}
SECRETS = (PASSWORD, GITHUB, *KEY.splitlines()[1:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`pack` lies at `path`; `ann` may decide under every policy, and signs with `key`."""

    project: Project
    corpus: str
    path: Path
    pack: Pack
    bob: Identity
    ann: Identity
    key: PrivateKey

    def members(self) -> dict[str, bytes]:
        return pack_file.read(self.path)


@contextmanager
def sent(folder: Path, policy: str = "two-person", files: Mapping[str, Content] = FILES) -> Iterator[Sent]:
    with desk(folder, files, policy) as (project, _, corpus):
        scanned(project, corpus)
        key = sshsig.write_private_key(folder / "ann")
        (folder / "ann.pub").write_text(sshsig.public_key(key).line)
        bob = identities.add(project, "bob", roles=("builder", "security"))
        ann = identities.add(project, "ann", person="Ann Lee", roles=("security",), key=folder / "ann.pub")
        path = folder / "out.zip"
        pack.make(project, corpus, path, bob, known(project, corpus), Query(states=("open",)))
        yield Sent(project=project, corpus=corpus, path=path, pack=review.opened(path), bob=bob, ann=ann, key=key)


def known(project: Project, corpus: str) -> Known:
    values = KnownValues(known_values(project, corpus, project_key(project)))
    return lambda text: ((one.start, one.end) for one in values.find(text))


def decided(
    given: Sent, target: Path, decision: str = "scrub", key: PrivateKey | None = None, **changed: object
) -> Path:
    """Signed decisions about every finding of the pack; `changed` are fields of the statement as they should not be."""
    said: dict[str, object] = {
        "statement": "espalier review decisions",
        "version": 1,
        "pack": given.pack.hash,
        "project": given.project.id,
        "corpus": given.corpus,
        "ruleset": given.pack.manifest.ruleset,
        "signer": sshsig.public_key(key or given.key).fingerprint,
        "signed_at": "2026-01-02T03:04:05.678Z",
        "decisions": [said_of(one.fingerprint) for one in in_order(given.pack)],
        **changed,
    }
    signature = sshsig.sign(key or given.key, canonical(said), sshsig.DECISIONS)
    target.write_bytes(canonical({"statement": said, "signature": signature}))
    return target


def said_of(fingerprint: str, decision: str = "scrub", reason: str = "looked at it") -> dict[str, object]:
    at = "2026-01-02T03:04:05.678Z"
    return {"fingerprint": fingerprint, "decision": decision, "reason": reason, "decided_at": at}


def in_order(pack: Pack) -> list[Packed]:
    return sorted(pack.contents.findings, key=lambda one: one.fingerprint)
