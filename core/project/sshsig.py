"""Signatures in OpenSSH's SSHSIG format (PROTOCOL.sshsig), made and checked without ssh, and the keys behind them.

    SSHSIG := "SSHSIG" uint32 1, string public key, string namespace, string reserved, string hash, string signature
    signed := "SSHSIG" string namespace, string reserved, string hash, string H(message)

Security keys sign  sha256(application) ‖ flags ‖ counter ‖ sha256(signed)  instead (PROTOCOL.u2f).
"""

import base64
import binascii
import hashlib
import os
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from espalier.core.failures import GateShut, UnusableInput

REVIEW: Final = "espalier-review"
RELEASE: Final = "espalier-release"
CHECKPOINT: Final = "espalier-checkpoint"
PACK: Final = "espalier-pack"
DECISIONS: Final = "espalier-decisions"

PrivateKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey | RSAPrivateKey

_MAGIC: Final = b"SSHSIG"
_BEGIN: Final = "-----BEGIN SSH SIGNATURE-----"
_END: Final = "-----END SSH SIGNATURE-----"
_MAX_ARMOR: Final = 64 * 1024
_MIN_RSA_BITS: Final = 2048
_MAX_RSA_BITS: Final = 16384  # OpenSSH's own limit
_MAKE_KEY: Final = "Make one with `ssh-keygen -t ed25519`."
_DECRYPT: Final = "Install bcrypt, or use a key without a password."
_USER_PRESENT: Final = 0x01
_ED25519: Final = "ssh-ed25519"
_RSA: Final = "ssh-rsa"
_SK_ED25519: Final = "sk-ssh-ed25519@openssh.com"
_SK_ECDSA: Final = "sk-ecdsa-sha2-nistp256@openssh.com"
_CURVES: Final[dict[str, hashes.HashAlgorithm]] = {
    "ecdsa-sha2-nistp256": hashes.SHA256(),
    "ecdsa-sha2-nistp384": hashes.SHA384(),
    "ecdsa-sha2-nistp521": hashes.SHA512(),
}
_RSA_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "rsa-sha2-256": hashes.SHA256(),
    "rsa-sha2-512": hashes.SHA512(),
}
KEY_TYPES: Final = frozenset({_ED25519, _RSA, _SK_ED25519, _SK_ECDSA, *_CURVES})


class BadSignature(GateShut):
    """The signature doesn't stand; the sentence says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as OpenSSH writes it, without its comment, and its `SHA256:…` fingerprint."""

    line: str
    fingerprint: str

    @property
    def type(self) -> str:
        return self.line.partition(" ")[0]

    @property
    def blob(self) -> bytes:
        return base64.b64decode(self.line.partition(" ")[2])


def sign(private_key: PrivateKey, message: bytes, namespace: str) -> str:
    """The armored signature, byte for byte what `ssh-keygen -Y sign -n namespace` writes for the deterministic keys."""
    if not namespace:
        raise ValueError("a namespace is required: a signature without one could be replayed elsewhere")
    signed = _signed_data(namespace.encode(), b"sha512", message)
    fields = (public_key(private_key).blob, namespace.encode(), b"", b"sha512", _raw_signature(private_key, signed))
    return _armor(_MAGIC + struct.pack(">I", 1) + b"".join(map(_string, fields)))


def verify(signature: str, message: bytes, namespace: str) -> PublicKey:
    """The key that made the signature; whether that key is trusted is the caller's question. Raises BadSignature."""
    reader = _Reader(_dearmor(signature))
    reader.expect(_MAGIC, "it doesn't begin with SSHSIG")
    if (version := reader.uint32()) != 1:
        raise BadSignature(f"The signature has version {version}; only version 1 is known.")
    key_blob, signed_namespace, reserved, hash_name, raw = (reader.string() for _ in range(5))
    reader.finish()
    if signed_namespace != namespace.encode():
        raise BadSignature(f"The signature was made for another purpose than {namespace}.")
    if reserved:
        raise BadSignature("The signature uses a reserved field.")
    key = _public_key(key_blob)
    _check(key, raw, _signed_data(signed_namespace, hash_name, message))
    return key


def read_public_key(line: str) -> PublicKey:
    """Parses one `type base64 [comment]` line, as in a .pub file; raises UnusableInput."""
    fields = line.split(maxsplit=2)
    try:
        key = _public_key(base64.b64decode(fields[1], validate=True))
    except (IndexError, ValueError) as error:
        raise UnusableInput("That is not a public key.", "Give one line of a .pub file.") from error
    except BadSignature as error:
        raise UnusableInput(error.sentence, "Give one line of a .pub file.") from error
    if key.type != fields[0]:
        raise UnusableInput(f"The public key says {fields[0]!r} and holds {key.type}.", "Give the .pub file unchanged.")
    return key


def fingerprint(public: PublicKey | str) -> str:
    """`SHA256:…`, as `ssh-keygen -l` prints it."""
    return (read_public_key(public) if isinstance(public, str) else public).fingerprint


def public_key(private_key: PrivateKey) -> PublicKey:
    line = private_key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return read_public_key(line.decode())


def load_private_key(path: Path, password: bytes | None = None) -> PrivateKey:
    """Reads an OpenSSH private key; refuses one that others may read, as ssh does. Raises UnusableInput."""
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise UnusableInput(f"Others may read the private key {path}.", f"Run `chmod 600 {path}`.")
        key = serialization.load_ssh_private_key(path.read_bytes(), password)
    except OSError as error:
        raise UnusableInput(f"The private key {path} can't be read: {error.strerror}.", "Give its path.") from error
    except TypeError as error:  # cryptography's way to say: a password is missing, or isn't wanted
        wanted = "needs a password" if password is None else "has no password"
        raise UnusableInput(f"The private key {path} {wanted}.", "Give it as it was made.") from error
    except UnsupportedAlgorithm as error:  # an encrypted key, and the bcrypt module isn't there
        raise UnusableInput(
            f"The private key {path} is encrypted in a way that can't be read here.", _DECRYPT
        ) from error
    except (ValueError, NotImplementedError) as error:
        raise UnusableInput(f"{path} is not an OpenSSH private key, or its password is wrong.", _MAKE_KEY) from error
    if not isinstance(key, Ed25519PrivateKey | ec.EllipticCurvePrivateKey | RSAPrivateKey):
        raise UnusableInput(f"{path} holds a kind of key that can't sign here.", "Use ed25519, ecdsa or rsa.")
    public_key(key)
    return key


def write_private_key(path: Path, key: PrivateKey | None = None) -> PrivateKey:
    """Writes the key (a new Ed25519 one where none is given) with mode 0600; never overwrites. Raises UnusableInput."""
    key = key or Ed25519PrivateKey.generate()
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise UnusableInput(
            f"The private key {path} can't be written: {error.strerror}.", "Give a new path."
        ) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    return key


def _signed_data(namespace: bytes, hash_name: bytes, message: bytes) -> bytes:
    if hash_name not in (b"sha256", b"sha512"):
        raise BadSignature("The signature uses a hash other than sha256 and sha512.")
    digest = hashlib.new(hash_name.decode(), message).digest()
    return _MAGIC + b"".join(map(_string, (namespace, b"", hash_name, digest)))


def _raw_signature(key: PrivateKey, signed: bytes) -> bytes:
    if isinstance(key, Ed25519PrivateKey):
        return _string(_ED25519.encode()) + _string(key.sign(signed))
    if isinstance(key, RSAPrivateKey):
        return _string(b"rsa-sha2-512") + _string(key.sign(signed, padding.PKCS1v15(), hashes.SHA512()))
    name = public_key(key).type
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(_CURVES[name])))
    return _string(name.encode()) + _string(_string(_mpint(r)) + _string(_mpint(s)))


def _check(key: PublicKey, raw: bytes, signed: bytes) -> None:
    reader = _Reader(raw)
    algorithm = reader.string().decode("ascii", "replace")
    body = reader.string()
    if key.type in (_SK_ED25519, _SK_ECDSA):
        signed = _security_key_data(key, reader, signed)
    reader.finish()
    if algorithm != key.type and not (key.type == _RSA and algorithm in _RSA_HASHES):
        raise BadSignature(f"The signature's algorithm doesn't fit a key of type {key.type}.")
    try:
        _check_with(key, algorithm, body, signed)
    except (InvalidSignature, ValueError) as error:
        raise BadSignature("The signature doesn't match what was signed.") from error


def _check_with(key: PublicKey, algorithm: str, body: bytes, signed: bytes) -> None:
    public = serialization.load_ssh_public_key(key.line.encode())
    match public:
        case Ed25519PublicKey():
            public.verify(body, signed)
        case ec.EllipticCurvePublicKey():
            public.verify(_dss(body), signed, ec.ECDSA(_CURVES.get(algorithm, hashes.SHA256())))
        case RSAPublicKey() if algorithm in _RSA_HASHES:
            public.verify(body, signed, padding.PKCS1v15(), _RSA_HASHES[algorithm])
        case _:
            raise BadSignature(f"A key of type {key.type} can't be used here.")


def _security_key_data(key: PublicKey, reader: "_Reader", signed: bytes) -> bytes:
    flags, counter = reader.take(1), reader.take(4)
    if not flags[0] & _USER_PRESENT:
        raise BadSignature("Nobody touched the security key when it signed.")
    fields = _Reader(key.blob)
    application = [fields.string() for _ in range(3 if key.type == _SK_ED25519 else 4)][-1]
    return hashlib.sha256(application).digest() + flags + counter + hashlib.sha256(signed).digest()


def _dss(body: bytes) -> bytes:
    reader = _Reader(body)
    r, s = reader.mpint(), reader.mpint()
    reader.finish()
    return encode_dss_signature(r, s)


def _public_key(blob: bytes) -> PublicKey:
    """Takes the one canonical encoding of a key only, so that one key has one fingerprint."""
    name = _Reader(blob).string().decode("ascii", "replace")
    if name not in KEY_TYPES:
        raise BadSignature("The key is of a type that is not accepted here.")
    line = f"{name} {base64.b64encode(blob).decode()}"
    try:
        public = serialization.load_ssh_public_key(line.encode())
    except (ValueError, UnsupportedAlgorithm, NotImplementedError) as error:  # the last for a compressed point
        raise BadSignature("The public key can't be read.") from error
    if isinstance(public, RSAPublicKey) and not _MIN_RSA_BITS <= public.key_size <= _MAX_RSA_BITS:
        raise BadSignature(f"The RSA key has {public.key_size} bits; at least {_MIN_RSA_BITS} are wanted.")
    if name not in (_SK_ED25519, _SK_ECDSA):
        again = public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        if again != line.encode():
            raise BadSignature("The public key is not encoded as OpenSSH does it.")
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return PublicKey(line, f"SHA256:{digest}")


def _armor(blob: bytes) -> str:
    text = base64.b64encode(blob).decode()
    return "\n".join([_BEGIN, *re.findall(".{1,70}", text), _END, ""])


def _dearmor(signature: str) -> bytes:
    if len(signature) > _MAX_ARMOR:
        raise BadSignature("The signature is too long to be one.")
    lines = [line.rstrip("\r") for line in signature.strip("\r\n").split("\n")]
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise BadSignature("The signature is not an armored SSH signature.")
    text = "".join(lines[1:-1])
    try:
        blob = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadSignature("The signature is not base64.") from error
    if base64.b64encode(blob).decode() != text:
        raise BadSignature("The signature is not encoded as OpenSSH does it.")
    return blob


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _mpint(number: int) -> bytes:
    """Two's complement, so a positive number whose top bit is set gets a zero byte in front (RFC 4251)."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


class _Reader:
    """Reads SSH's wire format to its end; every length is checked against what is there."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        if length > len(self._data) - self._at:
            raise BadSignature("The signature is cut short.")
        self._at += length
        return self._data[self._at - length : self._at]

    def expect(self, wanted: bytes, why: str) -> None:
        if self.take(len(wanted)) != wanted:
            raise BadSignature(f"The signature can't be read: {why}.")

    def uint32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        return self.take(self.uint32())

    def mpint(self) -> int:
        data = self.string()
        number = int.from_bytes(data, "big", signed=True)
        if number <= 0 or _mpint(number) != data:
            raise BadSignature("The signature holds a number that is not encoded as OpenSSH does it.")
        return number

    def finish(self) -> None:
        if self._at != len(self._data):
            raise BadSignature("The signature has bytes after its end.")
