"""Archives: what is in them is told, each file under its name, or the reason why not; nothing is believed or unpacked on disk."""

import bz2
import gzip
import io
import lzma
import subprocess
import sys
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.findings.archives.packed import (
    all_kinds,
    entry,
    finished,
    local,
    nested,
    overlapping,
    single,
    tarred,
    told,
    zipped,
)

from espalier.core.findings.archives.kind import kind
from espalier.core.findings.archives.members import LARGEST, MOST_MEMBERS, MOST_UNPACKED, members
from espalier.core.findings.decode import LIMIT, decode

FILES = {"a.py": b"x = 1\n", "b/deep/c.txt": "Größe\n".encode(), "empty": b""}
TEXTS = {"a.py": "x = 1\n", "b/deep/c.txt": "Größe\n", "empty": ""}


@pytest.mark.parametrize(("name", "data"), all_kinds(FILES).items())
def test_that_every_kind_is_opened_by_its_first_bytes(name: str, data: bytes) -> None:
    assert kind(data) is not None
    assert told(data, "no-name-of-an-archive") == TEXTS, name


@pytest.mark.parametrize("data", all_kinds(FILES).values())
def test_that_an_archive_is_never_text(data: bytes) -> None:
    assert decode(data).not_scanned == "archive"


def test_that_a_small_stream_without_a_zero_byte_is_no_text_either() -> None:
    assert decode(b"\x1f\x8b\x08 and whatever").text is None
    assert decode(b"BZh91AY&SY and whatever").text is None
    assert decode(b"\x28\xb5\x2f\xfd says Zstandard").text is None


def test_that_a_single_file_is_called_as_without_its_ending() -> None:
    assert told(gzip.compress(b"select 1"), "dump.sql.gz") == {"dump.sql": "select 1"}
    assert told(bz2.compress(b"x"), "x.BZ2") == {"x": "x"}
    assert told(lzma.compress(b"x"), "") == {"content": "x"}
    assert told(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 8, "a.gz") == {"a": "one two"}


def test_that_archives_in_archives_are_opened_to_a_depth() -> None:
    inner = zipped({"deep.txt": b"deep", "deeper.zip": zipped({"x": b"x"})})
    assert told(tarred({"lib/inner.jar": inner, "d.gz": gzip.compress(b"d")}), "a.tar") == {
        "lib/inner.jar!/deep.txt": "deep",
        "lib/inner.jar!/deeper.zip": "(too deep)",
        "d.gz!/d": "d",
    }
    assert told(zipped({"src.tar.gz": gzip.compress(tarred({"m.py": b"m"}))})) == {"src.tar.gz!/m.py": "m"}


def test_that_names_are_nothing_but_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = {"../../up": b"1", "/etc/passwd": b"2", "C:\\windows": b"3", "a!/b": b"4"}
    assert set(told(zipped(names))) == {"../../up", "/etc/passwd", "C:\\windows", "a! /b"}
    assert set(told(tarred(names), "a.tar")) == {"../../up", "/etc/passwd", "C:\\windows", "a! /b"}
    assert list(tmp_path.iterdir()) == []


def test_that_duplicate_names_are_told_apart() -> None:
    body, directory = b"", b""
    for data in (b"one", b"two", b"three"):
        told_of = {"size": len(data), "crc": zlib.crc32(data), "method": 0}
        directory += entry(b"a", data, at=len(body), **told_of)
        body += local(b"a", data, **told_of) + data
    assert told(finished(body, directory, 3)) == {"a": "one", "a (2)": "two", "a (3)": "three"}


def test_that_a_member_can_be_read_again_by_its_path() -> None:
    inner = zipped({"x": b"in"})
    data = tarred({"a.zip": inner, "b": b"out", "c": b"else"})
    assert [(one.path, one.decoded.text) for one in members(data, "t", {"a.zip!/x", "c"})] == [
        ("a.zip!/x", "in"),
        ("c", "else"),
    ]


def test_that_links_and_devices_of_a_tar_are_passed_over() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for type in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"odd {type!r}")
            info.type, info.linkname = type, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("b")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"b"))
    assert told(made.getvalue(), "a.tar") == {"b": "b"}


@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_that_long_names_and_names_in_other_encodings_are_shown(format: int) -> None:
    long = "d/" * 120 + "x.py"
    assert told(tarred({long: b"1", "caf\udce9": b"2"}, format), "a.tar").keys() == {long, '"caf\\351"'}
    name = b"caf\xe9"
    data = single(name, b"x")
    assert told(data) == {'"caf\\351"': "x"}
    assert len(next(iter(told(single(b"n" * 60_000, b"x"))))) < 1100


def test_that_zip64_is_read() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive, archive.open("a", "w", force_zip64=True) as file:
        file.write(b"x")
    assert told(made.getvalue()) == {"a": "x"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (single(b"a", b"secret", flags=1), "encrypted"),
        (single(b"a", b"x" * 50, method=14), "unsupported"),
        (single(b"a", b"x" * 50, size=51), "damaged"),
        (single(b"a", b"x" * 5000, size=10), "damaged"),
        (single(b"a", b"x" * (LIMIT + 1)), "too large"),
        (single(b"a", b"\0\1\2"), "binary"),
    ],
)
def test_that_what_is_not_read_of_a_member_is_said(data: bytes, reason: str) -> None:
    assert told(data) == {"a": f"({reason})"}


@pytest.mark.parametrize(("name", "data"), all_kinds(FILES).items())
def test_that_what_is_cut_off_is_damaged(name: str, data: bytes) -> None:
    for cut in (len(data) // 10 + 40, len(data) - (30 if kind(data) != "tar" else len(data) - 700)):
        assert "(damaged)" in told(data[:cut], name).values(), (name, cut)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz"])
def test_that_what_hides_behind_an_archive_is_said(name: str) -> None:
    assert "(damaged)" in told(all_kinds(FILES)[name] + b"PASSWORD = 'x'", name).values()


def test_that_what_hides_between_the_members_of_a_zip_is_said() -> None:
    data = zipped({"a": b"a"})
    hidden = zipped({"hidden": b"h" * 200}, zipfile.ZIP_STORED)
    assert told(hidden + data) == {"a": "a", "": "(unsupported)"}


def test_that_a_sparse_file_and_sizes_that_lie_end_a_tar_at_once() -> None:
    data = bytearray(tarred({"a": b"a"}, tarfile.GNU_FORMAT))
    data[156:157] = b"S"
    assert told(_signed(data), "a.tar") == {"a": "(unsupported)"}
    data = bytearray(tarred({"a": b"a"}, tarfile.GNU_FORMAT))
    for size in (b"77777777777\0", b"\x80" + b"\xff" * 11, b"\xff" * 12, b"-1         \0", b"no number  \0"):
        data[124:136] = size
        assert told(_signed(data), "a.tar") == {"": "(damaged)"}, size


@pytest.mark.parametrize("record", [b"0 size=-5\n", b"99999999 path=x\n", b"12 no equals\n", b" =\n", b"9" * 400])
def test_that_a_header_that_lies_ends_a_tar(record: bytes) -> None:
    header = bytearray(tarred({"pax": record}, tarfile.USTAR_FORMAT)[:1024])
    header[156:157] = b"x"
    assert told(_signed(header) + tarred({"a": b"a"}), "a.tar") == {"": "(damaged)"}


def test_that_a_huge_header_is_too_large() -> None:
    header = bytearray(tarred({"long": b"n" * (1 << 20)}, tarfile.USTAR_FORMAT)[: 512 + (1 << 20)])
    header[156:157] = b"L"
    assert told(_signed(header) + tarred({"a": b"a"}), "a.tar") == {"": "(too large)"}


def _signed(header: bytearray) -> bytes:
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    return bytes(header)


def test_that_too_many_members_are_not_read() -> None:
    found = told(zipped({str(n): b"" for n in range(MOST_MEMBERS + 5)}, zipfile.ZIP_STORED))
    assert (len(found), found[""]) == (MOST_MEMBERS + 1, "(too large)")


BOMBS = {
    "one file": lambda: single(b"a", b"\0" * (200 << 20)),
    "many small": lambda: zipped({f"{n}": b"x" * LIMIT for n in range(300)}),
    "nested as 42.zip": lambda: nested(3),
    "overlapping": lambda: overlapping(60_000, 200 << 20),
    "overlapping, nothing comes out": lambda: finished(*_empty_blocks()),
    "gzip": lambda: gzip.compress(b"\0" * (300 << 20)),
    "gzip of gzip": lambda: gzip.compress(gzip.compress(b"\0" * (300 << 20))),
    "bzip2": lambda: bz2.compress(b"\0" * (300 << 20)),
    "xz": lambda: lzma.compress(b"\0" * (300 << 20)),
    "many streams": lambda: gzip.compress(b"", 1) * 300_000,
    "tar of zeros": lambda: gzip.compress(tarred({"a": b"\0" * (100 << 20)})),
    "a huge directory": lambda: finished(b"PK\3\4", entry(b"", b"", size=0, crc=0) * 300_000, 0xFFFF),
    "bzip2 within zip": lambda: zipped({"a": b"\0" * (100 << 20)}, zipfile.ZIP_BZIP2),
}
LIMIT_SECONDS, LIMIT_MEMORY = 10.0, 150 << 20


def _empty_blocks() -> tuple[bytes, bytes, int]:
    """Ten million bytes of deflate that unpack to nothing, named by many entries."""
    packed = b"\0\0\0\xff\xff" * 2_000_000 + b"\1\0\0\xff\xff"
    listed = entry(b"a", packed, size=0, crc=0)
    return local(b"a", packed, size=0, crc=0) + packed, listed * 9000, 9000


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_that_a_bomb_ends_soon_and_in_little_memory(name: str) -> None:
    data = BOMBS[name]()
    assert len(data) <= LARGEST, "it would not even be opened"
    tracemalloc.start()
    began = time.monotonic()
    reasons = {one.decoded.not_scanned for one in members(data, "bomb") if one.decoded.text is None}
    seconds, (_, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reasons <= {"too large", "too deep", "damaged", "unsupported", "binary"}
    assert reasons
    assert seconds < LIMIT_SECONDS
    assert peak < LIMIT_MEMORY


RSS = """
import resource, sys
from pathlib import Path
from espalier.core.findings.archives.members import members
data = Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in members(data, "bomb"): pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xz", "bzip2", "tar of zeros", "overlapping"])
def test_that_the_process_grows_as_little(tmp_path: Path, name: str) -> None:
    """What the compressors allocate themselves is not seen by tracemalloc."""
    (tmp_path / "bomb").write_bytes(BOMBS[name]())
    done = subprocess.run(
        [sys.executable, "-c", RSS, str(tmp_path / "bomb")],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[4],
    )
    assert int(done.stdout) << (0 if sys.platform == "darwin" else 10) < LIMIT_MEMORY


def test_that_an_archive_that_is_too_large_is_not_opened() -> None:
    assert told(b"PK\3\4" + b"\0" * LARGEST) == {"": "(too large)"}
    assert MOST_UNPACKED < 150 << 20


@given(st.sampled_from(sorted(all_kinds(FILES).items())), st.data())
@settings(max_examples=400, deadline=None)
def test_that_a_mangled_archive_gives_texts_or_reasons(whole: tuple[str, bytes], chance: st.DataObject) -> None:
    name, data = whole
    mangled = bytearray(data)
    for _ in range(chance.draw(st.integers(1, 6))):
        at = chance.draw(st.integers(0, len(mangled) - 1))
        match chance.draw(st.sampled_from(("byte", "cut", "again", "out"))):
            case "byte":
                mangled[at] = chance.draw(st.integers(0, 255))
            case "cut":
                mangled = mangled[: at + 1]
            case "again":
                mangled[at:at] = mangled[max(0, at - 40) : at]
            case "out":
                del mangled[at : at + 5]
                mangled = mangled or bytearray(b"PK")
    if kind(bytes(mangled)) is None:
        return
    for one in members(bytes(mangled), name):
        reasons = {"encrypted", "damaged", "too large", "too deep", "unsupported", "binary", "undecodable"}
        assert one.decoded.text is not None or one.decoded.not_scanned in reasons
        assert one.path.isprintable()
