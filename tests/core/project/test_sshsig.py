"""SSHSIG signatures: what OpenSSH makes we accept, what we make OpenSSH accepts, and nothing else passes."""

import base64
import hashlib
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from espalier.core.failures import UnusableInput
from espalier.core.project import sshsig
from espalier.core.project.sshsig import BadSignature, PrivateKey

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="openssh-client is not installed")

ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS: dict[str, PrivateKey] = {
    "ed25519": ED25519,
    "ecdsa": ec.derive_private_key(3**160, ec.SECP256R1()),
    "ecdsa-384": ec.derive_private_key(3**240, ec.SECP384R1()),
    "ecdsa-521": ec.derive_private_key(3**325, ec.SECP521R1()),
    "rsa": rsa.generate_private_key(65537, 2048),
}
MESSAGE = b"the decisions of this corpus"


def ssh(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["ssh-keygen", *arguments], input=stdin, capture_output=True, check=False)


def blob_of(armored: str) -> bytes:
    return base64.b64decode("".join(armored.splitlines()[1:-1]))


def armor(blob: bytes) -> str:
    return f"-----BEGIN SSH SIGNATURE-----\n{base64.b64encode(blob).decode()}\n-----END SSH SIGNATURE-----\n"


def string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def envelope(*fields: bytes, version: int = 1) -> str:
    return armor(b"SSHSIG" + struct.pack(">I", version) + b"".join(map(string, fields)))


@pytest.mark.parametrize("name", KEYS)
def test_that_a_signature_names_the_key_that_made_it(name: str) -> None:
    signature = sshsig.sign(KEYS[name], MESSAGE, sshsig.REVIEW)
    assert sshsig.verify(signature, MESSAGE, sshsig.REVIEW) == sshsig.public_key(KEYS[name])


@needs_ssh
@pytest.mark.parametrize("name", KEYS)
def test_that_openssh_accepts_our_signature(name: str, tmp_path: Path) -> None:
    (tmp_path / "s.sig").write_text(sshsig.sign(KEYS[name], MESSAGE, sshsig.RELEASE))
    (tmp_path / "allowed").write_text(f"ana {sshsig.public_key(KEYS[name]).line}\n")
    arguments = ["-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "ana", "-s", str(tmp_path / "s.sig"), "-n"]
    assert ssh(*arguments, sshsig.RELEASE, stdin=MESSAGE).returncode == 0
    assert ssh(*arguments, sshsig.REVIEW, stdin=MESSAGE).returncode != 0


@needs_ssh
@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("hash_name", ["sha256", "sha512"])
def test_that_we_accept_a_signature_of_openssh(name: str, hash_name: str, tmp_path: Path) -> None:
    sshsig.write_private_key(tmp_path / "key", KEYS[name])
    made = ssh(
        *("-Y", "sign", "-f", str(tmp_path / "key"), "-n", sshsig.REVIEW, "-O", f"hashalg={hash_name}"), stdin=MESSAGE
    )
    assert made.returncode == 0, made.stderr
    assert sshsig.verify(made.stdout.decode(), MESSAGE, sshsig.REVIEW) == sshsig.public_key(KEYS[name])


@needs_ssh
def test_that_an_ed25519_signature_is_the_bytes_of_openssh(tmp_path: Path) -> None:
    sshsig.write_private_key(tmp_path / "key", ED25519)
    made = ssh("-Y", "sign", "-f", str(tmp_path / "key"), "-n", sshsig.REVIEW, stdin=MESSAGE)
    assert made.stdout.decode() == sshsig.sign(ED25519, MESSAGE, sshsig.REVIEW)


@needs_ssh
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_that_keys_of_ssh_keygen_load_with_their_fingerprint(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    ssh("-q", "-t", kind, "-N", "", "-f", str(path))
    public = sshsig.public_key(sshsig.load_private_key(path))
    assert sshsig.read_public_key(path.with_suffix(".pub").read_text()) == public
    assert sshsig.fingerprint(public.line) in ssh("-l", "-f", str(path)).stdout.decode().split()


def mpint(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def signed_data() -> bytes:
    fields = (sshsig.REVIEW.encode(), b"", b"sha512", hashlib.sha512(MESSAGE).digest())
    return b"SSHSIG" + b"".join(map(string, fields))


def security_key_signature(kind: str, flags: int) -> tuple[str, str]:
    """What a hardware key returns (PROTOCOL.u2f), made by a soft key: the public key's line and the signature."""
    curve_key = ec.derive_private_key(77, ec.SECP256R1())
    tail = bytes([flags]) + struct.pack(">I", 7)
    signed = hashlib.sha256(b"ssh:").digest() + tail + hashlib.sha256(signed_data()).digest()
    if kind == "sk-ssh-ed25519@openssh.com":
        public, body = string(ED25519.public_key().public_bytes_raw()), ED25519.sign(signed)
    else:
        encoding = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        public = string(b"nistp256") + string(curve_key.public_key().public_bytes(*encoding))
        r, s = decode_dss_signature(curve_key.sign(signed, ec.ECDSA(hashes.SHA256())))
        body = string(mpint(r)) + string(mpint(s))
    blob = string(kind.encode()) + public + string(b"ssh:")
    raw = string(kind.encode()) + string(body) + tail
    line = f"{kind} {base64.b64encode(blob).decode()}"
    return line, envelope(blob, sshsig.REVIEW.encode(), b"", b"sha512", raw)


SECURITY_KEYS = ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"]


@pytest.mark.parametrize("kind", SECURITY_KEYS)
def test_that_a_security_key_can_sign(kind: str) -> None:
    line, signature = security_key_signature(kind, flags=1)
    assert sshsig.verify(signature, MESSAGE, sshsig.REVIEW).line == line
    with pytest.raises(BadSignature):
        sshsig.verify(signature, MESSAGE + b".", sshsig.REVIEW)


@needs_ssh
@pytest.mark.parametrize("kind", SECURITY_KEYS)
def test_that_openssh_reads_a_security_key_as_we_do(kind: str, tmp_path: Path) -> None:
    line, signature = security_key_signature(kind, flags=1)
    (tmp_path / "allowed").write_text(f"ana {line}\n")
    (tmp_path / "s.sig").write_text("\n".join(signature.splitlines()) + "\n")
    verify = ("-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "ana", "-n", sshsig.REVIEW)
    assert ssh(*verify, "-s", str(tmp_path / "s.sig"), stdin=MESSAGE).returncode == 0


def test_that_a_security_key_nobody_touched_is_refused() -> None:
    _, signature = security_key_signature(SECURITY_KEYS[0], flags=0)
    with pytest.raises(BadSignature, match="touched"):
        sshsig.verify(signature, MESSAGE, sshsig.REVIEW)


@pytest.mark.parametrize("name", KEYS)
def test_that_another_message_or_purpose_is_refused(name: str) -> None:
    signature = sshsig.sign(KEYS[name], MESSAGE, sshsig.REVIEW)
    with pytest.raises(BadSignature, match="doesn't match"):
        sshsig.verify(signature, MESSAGE + b" ", sshsig.REVIEW)
    with pytest.raises(BadSignature, match="another purpose"):
        sshsig.verify(signature, MESSAGE, sshsig.RELEASE)


def test_that_each_broken_envelope_says_what_is_wrong() -> None:
    key = sshsig.public_key(ED25519).blob
    raw = string(b"ssh-ed25519") + string(ED25519.sign(signed_data()))
    good = (key, sshsig.REVIEW.encode(), b"", b"sha512", raw)
    sshsig.verify(envelope(*good), MESSAGE, sshsig.REVIEW)
    weak = sshsig_blob(rsa.generate_private_key(65537, 1024).public_key())
    broken = {
        "version 2": envelope(*good, version=2),
        "after its end": armor(blob_of(envelope(*good)) + b"\0"),
        "cut short": armor(blob_of(envelope(*good))[:-1]),
        "doesn't begin": armor(b"SSHGIS" + blob_of(envelope(*good))[6:]),
        "reserved": envelope(*good[:2], b"x", *good[3:]),
        "another purpose": envelope(key, b"git", *good[2:]),
        "hash other than": envelope(*good[:3], b"md5", raw),
        "algorithm": envelope(*good[:4], string(b"ssh-rsa") + string(b"x" * 64)),
        "not accepted": envelope(string(b"ssh-dss") + string(b"x"), *good[1:]),
        "can't be read": envelope(string(b"ssh-ed25519") + string(b"short"), *good[1:]),
        "1024 bits": envelope(weak, *good[1:]),
        "not base64": envelope(*good).replace("U1NI", "!!!!"),
        "not an armored": "ssh-ed25519 AAAA",
        "too long": envelope(*good) + "\n" * 70_000,
    }
    for why, signature in broken.items():
        with pytest.raises(BadSignature, match=why):
            sshsig.verify(signature, MESSAGE, sshsig.REVIEW)


def sshsig_blob(key: rsa.RSAPublicKey) -> bytes:
    line = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return base64.b64decode(line.split()[1])


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(KEYS)), where=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_that_no_changed_byte_verifies(name: str, where: int, flip: int) -> None:
    blob = bytearray(blob_of(sshsig.sign(KEYS[name], MESSAGE, sshsig.REVIEW)))
    blob[where % len(blob)] ^= flip
    with pytest.raises(BadSignature):
        sshsig.verify(armor(bytes(blob)), MESSAGE, sshsig.REVIEW)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"SSHSIG\0\0\0\1" + tail))
def test_that_no_bytes_crash_the_parser(blob: bytes) -> None:
    with pytest.raises(BadSignature):
        sshsig.verify(armor(blob), MESSAGE, sshsig.REVIEW)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=80), min_size=1, max_size=4), st.sampled_from(sorted(sshsig.KEY_TYPES)))
def test_that_no_key_or_signature_field_crashes_the_parser(fields: list[bytes], kind: str) -> None:
    body = string(kind.encode()) + b"".join(map(string, fields))
    signature = envelope(body, sshsig.REVIEW.encode(), b"", b"sha512", body)
    with pytest.raises(BadSignature):
        sshsig.verify(signature, MESSAGE, sshsig.REVIEW)


@given(st.text(max_size=200))
def test_that_no_text_crashes_the_armor_or_the_key_line(text: str) -> None:
    with pytest.raises(BadSignature):
        sshsig.verify(text, MESSAGE, sshsig.REVIEW)
    with pytest.raises(UnusableInput):
        sshsig.read_public_key(text)


def test_that_a_key_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = sshsig.write_private_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert sshsig.public_key(sshsig.load_private_key(path)) == sshsig.public_key(key)
    with pytest.raises(UnusableInput, match="can't be written"):
        sshsig.write_private_key(path)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnusableInput):
        sshsig.write_private_key(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()


def test_that_unusable_key_files_say_so(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with pytest.raises(UnusableInput, match="can't be read"):
        sshsig.load_private_key(path)
    path.write_bytes(b"not a key")
    path.chmod(0o644)
    with pytest.raises(UnusableInput, match="Others may read"):
        sshsig.load_private_key(path)
    path.chmod(0o600)
    with pytest.raises(UnusableInput, match="not an OpenSSH private key"):
        sshsig.load_private_key(path)
    sshsig.write_private_key(tmp_path / "plain")
    with pytest.raises(UnusableInput, match="no password"):
        sshsig.load_private_key(tmp_path / "plain", b"password")


@needs_ssh
def test_that_an_encrypted_key_asks_for_its_password(tmp_path: Path) -> None:
    path = tmp_path / "key"
    ssh("-q", "-t", "ed25519", "-N", "a password", "-f", str(path))
    with pytest.raises(UnusableInput, match=r"needs a password|is encrypted"):
        sshsig.load_private_key(path)


def test_that_a_key_line_that_lies_about_its_type_is_refused() -> None:
    line = sshsig.public_key(ED25519).line
    with pytest.raises(UnusableInput, match="holds ssh-ed25519"):
        sshsig.read_public_key(line.replace("ssh-ed25519", "ssh-rsa", 1))
