"""Gathers what a manifest says of a run from the project file: its data, base, training, evaluation, rights and people."""

import importlib.metadata
import json
from collections.abc import Mapping
from typing import Any, Final

from espalier.core.failures import UnusableInput
from espalier.core.models.base import BaseModel
from espalier.core.models.files import read_object, sha256
from espalier.core.models.tokenizer import token_text
from espalier.core.project import clock
from espalier.core.project.canonical import digest
from espalier.core.project.clock import Clock
from espalier.core.project.file import Project, Row
from espalier.core.project.identities import identity
from espalier.core.project.policy import Policy
from espalier.core.release import licences, sign_off
from espalier.core.release import manifest as shape
from espalier.core.release.inputs import Inputs
from espalier.core.release.manifest import DEMONSTRATION, FORMAT, Facts
from espalier.core.release.sources import sources
from espalier.core.training.runs import Run

_TOKENIZER: Final = frozenset(
    {
        *("tokenizer.json", "tokenizer_config.json", "tokenizer.model", "chat_template.jinja"),
        *("special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt"),
    }
)
_DETERMINISM: Final = (
    "Deterministic algorithms were demanded. On the same CPU, versions and threads a repetition gives the same bytes; "
    "on CUDA the backward pass of attention has no deterministic form, and a repetition agrees closely."
)


def gather(
    project: Project, given: Inputs, config: Mapping[str, Any], checkpoint: Mapping[str, object], at: Clock
) -> Facts:
    """The facts of a release; `config` is PEFT's adapter_config.json. The same project and clock give the same facts."""
    rights = sources(project, given.snapshot["hash"], given.snapshot["corpus"])
    asked = licences.obligations(given.base.licence)
    return Facts(
        format=FORMAT,
        bundle=_bundle(project, given, licences.name(f"{given.base.name}-run{given.run.id}", asked), at),
        policy=_policy(given.policy),
        demonstration=given.policy.demonstration,
        notice=DEMONSTRATION if given.policy.demonstration else f"approved under the policy {given.policy.name}",
        adapter=_adapter(given, config),
        base=shape.Base(
            name=given.base.name,
            revision=given.base.revision,
            licence=given.base.licence,
            files=dict(given.base.files),
        ),
        tokenizer=_tokenizer(given.base),
        precision=shape.Precision(
            dtype=str(given.run.versions.get("precision", "unknown")), quantisation=given.run.recipe.quantisation
        ),
        training=_training(project, given.run),
        dataset=_dataset(project, given.snapshot),
        scrub=_scrub(project, given.approval),
        evaluation=evaluation(given.evaluation),
        licences=shape.Licences(
            base=given.base.licence,
            notices=tuple(text for text in (asked.credit, asked.notice) if text),
            sources=rights,
            export=licences.strictest(source.export for source in rights),
        ),
        sign_offs=sign_off.given_for(project, given),
        not_done=not_done(project, given),
        audit=_checkpoint(checkpoint),
    )


def evaluation(row: Row) -> shape.Evaluation:
    """The summary as a release carries it: titles of tasks stay behind, since they name functions."""
    summary = json.loads(row["summary"])
    plain = {name: summary.get(name, {}) for name in ("arms", "loss", "not_run")}
    return shape.Evaluation(
        id=row["id"],
        suite=row["suite"],
        tier=summary.get("tier") or row["tier"],
        tasks=summary.get("tasks", 0),
        fixed=len(summary.get("fixed", ())),
        broken=len(summary.get("broken", ())),
        rubric=_rubric(summary.get("rubric")),
        gates=tuple(shape.Gate.model_validate(gate) for gate in summary.get("gates", ())),
        **plain,
    )


def _rubric(found: dict[str, Any] | None) -> shape.Rubric | None:
    return (
        None
        if found is None
        else shape.Rubric.model_validate({name: found[name] for name in shape.Rubric.model_fields})
    )


def not_done(project: Project, given: Inputs) -> tuple[str, ...]:
    """What a careful release could have had and this one hasn't; said in the manifest and the model card."""
    review = json.loads(given.approval["statement"]).get("sampled_review", {})
    legal = any(one.role == "legal" and not one.automatic for one in sign_off.given_for(project, given))
    missing = {
        "Sampled review by people of what the scan found nothing in": bool(review.get("reviewed")),
        "Second reading of the sampled files": _read_by_two(review),
        "Rubric: rating of answers by people": evaluation(given.evaluation).rubric is not None,
        "Legal sign-off": legal,
        "Gates of the evaluation: they are shown and were not enforced": given.policy.evaluation.enforced,
        "Approval of the scrub by a person": not identity(project, given.approval["identity"]).automatic,
    }
    return tuple(what for what, done in missing.items() if not done)


def _read_by_two(review: Mapping[str, Any]) -> bool:
    """Where nobody read, that is what is missing."""
    return not review.get("reviewed") or review.get("by_two", {}).get("once") == 0


def _bundle(project: Project, given: Inputs, name: str, at: Clock) -> shape.Bundle:
    version = 1 + project.value("SELECT COUNT(*) FROM releases WHERE run = ?", (given.run.id,))
    created = clock.stamp(at())
    seed = {"project": project.id, "run": given.run.id, "version": version, "adapter": given.adapter, "at": created}
    return shape.Bundle(
        id=digest(seed)[:32],
        name=name,
        version=version,
        created_at=created,
        espalier=importlib.metadata.version("espalier"),
    )


def _policy(policy: Policy) -> shape.PolicyPart:
    return shape.PolicyPart(
        name=policy.name,
        sentence=policy.sentence,
        sign_offs=policy.release.sign_offs,
        different_people=policy.release.different_people,
        builder_may_approve=policy.approval.builder_may_approve,
        approval_role=policy.approval.role,
    )


def _adapter(given: Inputs, config: Mapping[str, Any]) -> shape.Adapter:
    return shape.Adapter(
        method="lora",
        artifact=given.adapter,
        rank=config["r"],
        alpha=config["lora_alpha"],
        dropout=config["lora_dropout"],
        targets=tuple(config["target_modules"]),
        whole=tuple(config.get("modules_to_save") or ()),
    )


def _tokenizer(base: BaseModel) -> shape.Tokenizer:
    path = base.path / "tokenizer_config.json"
    if not path.is_file() or sha256(path) != base.files[path.name]:
        raise UnusableInput(
            f"{path} is not the file that was registered for {base.name}.", "Put the base model's files back."
        )
    config = read_object(path)
    tokens = {key: token_text(config.get(key)) for key in ("bos_token", "eos_token", "pad_token", "unk_token")}
    return shape.Tokenizer(
        files={name: sha for name, sha in base.files.items() if name in _TOKENIZER},
        chat_template=base.chat_template_sha256,
        special_tokens={key: text for key, text in tokens.items() if text},
    )


def _training(project: Project, run: Run) -> shape.Training:
    recipe = run.recipe
    return shape.Training(
        project=project.id,
        run=run.id,
        seed=run.seed,
        recipe=recipe.model_dump(mode="json"),
        learning_rate=recipe.learning_rate,
        schedule=recipe.schedule,
        batch=f"{recipe.rows_per_micro} × {recipe.accumulation} rows of {recipe.row_tokens} tokens a step",
        steps=run.step,
        loss=run.loss,
        validation_loss=run.validation_loss,
        versions=dict(run.versions),
        device=run.device or "unknown",
        determinism=_DETERMINISM,
        finished_at=run.finished_at,
    )


def _dataset(project: Project, snapshot: Row) -> shape.Dataset:
    rows = project.rows(
        "SELECT repository, head, tips FROM corpus_repositories WHERE corpus = ? ORDER BY repository",
        (snapshot["corpus"],),
    )
    splits = json.loads(snapshot["summary"]).get("splits", {})
    return shape.Dataset(
        hash=snapshot["hash"],
        corpus=snapshot["corpus"],
        seed=snapshot["seed"],
        tokenizer=snapshot["tokenizer"],
        frozen_at=snapshot["frozen_at"],
        splits={name: shape.Split(examples=one["examples"], tokens=one["tokens"]) for name, one in splits.items()},
        repositories=tuple(
            shape.Repository(name=row["repository"], head=row["head"], tips=json.loads(row["tips"])) for row in rows
        ),
    )


def _scrub(project: Project, approval: Row) -> shape.Scrub:
    return shape.Scrub(
        ruleset=approval["ruleset"],
        decisions=approval["decisions_hash"],
        approval=shape.Signed(
            statement=json.loads(approval["statement"]),
            signature=approval["signature"],
            **sign_off.signer(identity(project, approval["identity"])),
        ),
    )


def _checkpoint(document: Mapping[str, object]) -> shape.Checkpoint:
    statement = document["statement"]
    assert isinstance(statement, dict)
    return shape.Checkpoint(seq=statement["seq"], head=statement["head"])
