"""What a scan reads of an object: all that a person can have written into it."""

from tests.core.findings.desk import GITHUB

from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.fingerprint import Fingerprints
from espalier.core.findings.reading import Origin, read, texts
from espalier.core.project.key import ProjectKey

DETECTOR, NAMED = Detector(bundled()), Fingerprints(ProjectKey(bytes(32)))
COMMIT = f"""tree {"1" * 40}
parent {"2" * 40}
author Ann <ann@example.org> 1700000000 +0000
committer Bea <bea@example.org> 1700000001 +0000
mergetag object {"3" * 40}
 type commit
 tag v1
 tagger Cem <cem@example.org> 1690000000 +0000
 
 Deployed with {GITHUB}
gpgsig -----BEGIN PGP SIGNATURE-----
 
 iQEzBAABCAAdFiEEx
 -----END PGP SIGNATURE-----
HG:extra branch:default

Merge tag 'v1'
""".encode()  # a continued line of a header begins with a space, also an empty one


def test_that_a_tag_that_a_merge_keeps_and_unknown_fields_are_read() -> None:
    told = dict(texts("commit", COMMIT))
    assert told["message"].text == "Merge tag 'v1'\n"
    lines = (told["author"].text or "").splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["author", "committer", "mergetag"]
    assert lines[-1] == "HG:extra branch:default"
    assert not any("SIGNATURE" in line or "iQEz" in line or line.startswith(("tree", "parent")) for line in lines)


def test_that_a_secret_there_is_found_where_it_stands() -> None:
    found = read(Origin(oid="c", kind="commit", path=None, commit="c"), COMMIT, DETECTOR, NAMED)
    text = dict(texts("commit", COMMIT))["author"].text or ""
    (hit,) = found.hits
    assert (hit.source, text[hit.span.start : hit.span.end]) == ("author", GITHUB)
    assert text.splitlines()[hit.line - 1] == f" Deployed with {GITHUB}"
