"""Bundles made by hand, so that a test can change any part of one and sign it again."""

import hashlib
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from espalier.core.project import sshsig
from espalier.core.project.canonical import canonical
from espalier.core.release.archive import archive_sha256
from espalier.core.release.card import card
from espalier.core.release.licences import licence_text, obligations
from espalier.core.release.manifest import DEMONSTRATION, Facts

ANA = Ed25519PrivateKey.from_private_bytes(b"a" * 32)
BEN = Ed25519PrivateKey.from_private_bytes(b"b" * 32)
MADE = "2026-06-01T12:00:00.000Z"
PROJECT = "0123456789abcdef0123456789abcdef"

CONFIG = json.dumps(
    {"peft_type": "LORA", "r": 8, "lora_alpha": 16.0, "lora_dropout": 0.0, "target_modules": ["q_proj", "v_proj"]}
).encode()
WEIGHTS = struct.pack("<Q", 2) + b"{}"


RESULTS = [
    {"task": "t1", "arm": "adapter", "check": "tests", "passed": True},
    {"task": "t2", "arm": "adapter", "check": "tests", "passed": False},
    {"task": "t1", "arm": "adapter", "check": "idiom", "passed": None},
]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def artifact(config: bytes = CONFIG, weights: bytes = WEIGHTS) -> str:
    files = (("adapter_config.json", config), ("adapter_model.safetensors", weights))
    return archive_sha256((name, len(data), [data]) for name, data in files)


def signed(key: Ed25519PrivateKey, statement: Mapping[str, object], name: str, **more: object) -> dict[str, object]:
    public = sshsig.public_key(key)
    return {
        "statement": dict(statement),
        "signature": sshsig.sign(key, canonical(statement), sshsig.REVIEW),
        "identity": name,
        "person": name,
        "fingerprint": public.fingerprint,
        "automatic": False,
        **more,
    }


def sign_off(key: Ed25519PrivateKey, role: str, name: str, **more: object) -> dict[str, object]:
    about = {"project": PROJECT, "run": 3, "adapter": artifact(), "snapshot": "2" * 64, "evaluation": 5, "role": role}
    return {**signed(key, {**about, **more}, name), "role": role}


def approval(key: Ed25519PrivateKey = BEN, **more: object) -> dict[str, object]:
    about = {"project": PROJECT, "corpus": "3" * 64, "ruleset": "4" * 64, "decisions": "5" * 64}
    said = {**about, "automatic": False, "demonstration": False, **more}
    return signed(key, said, "Ben", automatic=said["automatic"])


def facts(**changes: Any) -> dict[str, Any]:
    """What a manifest says but its files, as JSON; a change replaces a whole part."""
    plain: dict[str, Any] = {
        "format": "espalier-release/1",
        "bundle": {"id": "1" * 32, "name": "tiny-run3", "version": 1, "created_at": MADE, "espalier": "0.1.0"},
        "policy": {
            "name": "solo",
            "sentence": "One person may build and approve; the manifest says so.",
            "sign_offs": ["release"],
            "different_people": False,
            "builder_may_approve": True,
            "approval_role": "security",
        },
        "demonstration": False,
        "notice": "approved under the policy solo",
        "adapter": {
            "method": "lora",
            "artifact": artifact(),
            "rank": 8,
            "alpha": 16.0,
            "dropout": 0.0,
            "targets": ["q_proj", "v_proj"],
            "whole": [],
        },
        "base": {"name": "tiny", "revision": "r1", "licence": "Apache-2.0", "files": {"model.safetensors": "6" * 64}},
        "tokenizer": {
            "files": {"tokenizer.json": "7" * 64},
            "chat_template": "8" * 64,
            "special_tokens": {"eos_token": "<|im_end|>"},
        },
        "precision": {"dtype": "float32", "quantisation": "none"},
        "training": {
            "project": PROJECT,
            "run": 3,
            "seed": 7,
            "recipe": {"rank": 8},
            "learning_rate": 0.001,
            "schedule": "cosine",
            "batch": "1 × 2 rows of 512 tokens a step",
            "steps": 40,
            "loss": 1.25,
            "validation_loss": 1.5,
            "versions": {"torch": "2.13.0"},
            "device": "a processor",
            "determinism": "Deterministic algorithms were demanded.",
            "finished_at": MADE,
        },
        "dataset": {
            "hash": "2" * 64,
            "corpus": "3" * 64,
            "seed": 7,
            "tokenizer": "7" * 64,
            "frozen_at": MADE,
            "splits": {"train": {"examples": 40, "tokens": 9000}},
            "repositories": [{"name": "orders", "head": "a" * 40, "tips": {"refs/heads/main": "a" * 40}}],
        },
        "scrub": {"ruleset": "4" * 64, "decisions": "5" * 64, "approval": approval()},
        "evaluation": {
            "id": 5,
            "suite": "held-out",
            "tier": "",
            "tasks": 12,
            "arms": {"adapter": {"tests": {"passed": 1, "ran": 2, "low": 0.09, "high": 0.91}}},
            "loss": {"base": 2.0, "adapter": 1.6},
            "fixed": 1,
            "broken": 0,
            "not_run": {"idiom: no idiom is named": 12},
            "gates": [{"name": "loss", "passed": True, "why": "0.8 of the base's loss, at most 1.0"}],
        },
        "licences": {
            "base": "Apache-2.0",
            "notices": [obligations("Apache-2.0").notice],
            "sources": [{"repository": "orders", "licence": "MIT", "export": "internal", "examples": 40}],
            "export": "internal",
        },
        "sign_offs": [sign_off(ANA, "release", "Ana")],
        "not_done": ["Legal sign-off"],
        "audit": {"seq": 9, "head": "9" * 64},
    }
    return {**plain, **changes}


def demo_facts() -> dict[str, Any]:
    stand_in = facts()["scrub"] | {"approval": approval(automatic=True, demonstration=True)}
    return facts(demonstration=True, notice=DEMONSTRATION, scrub=stand_in)


def documents(said: Mapping[str, Any], key: Ed25519PrivateKey = ANA) -> dict[str, bytes]:
    checkpoint = {"project": PROJECT, "seq": said["audit"]["seq"], "head": said["audit"]["head"], "at": MADE}
    signature = sshsig.sign(key, canonical(checkpoint), sshsig.CHECKPOINT)
    return {
        "adapter/adapter_config.json": CONFIG,
        "adapter/adapter_model.safetensors": WEIGHTS,
        "MODEL_CARD.md": card(Facts.model_validate_json(canonical(said))).encode(),
        "evaluation.json": canonical({"summary": said["evaluation"], "results": RESULTS}),
        "approval.json": canonical(said["scrub"]["approval"]),
        "checkpoint.json": canonical({"statement": checkpoint, "signature": signature}),
        "LICENSES/Apache-2.0.txt": licence_text(obligations("Apache-2.0")),
        "LICENSES/NOTICE.txt": b"notice\n",
    }


def write(
    folder: Path,
    said: Mapping[str, Any] | None = None,
    key: Ed25519PrivateKey = ANA,
    files: Mapping[str, bytes] | None = None,
) -> Path:
    """A bundle signed by `key`; `files` replaces or adds documents before their hashes are taken."""
    said = facts() if said is None else said
    contents = {**documents(said, key), **(files or {})}
    listed = [{"path": path, "size": len(data), "sha256": sha(data)} for path, data in sorted(contents.items())]
    for path, data in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    sign(folder, canonical({**said, "files": listed}), key)
    return folder


def sign(folder: Path, manifest: bytes, key: Ed25519PrivateKey = ANA) -> None:
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "manifest.sig").write_text(sshsig.sign(key, manifest, sshsig.RELEASE))
