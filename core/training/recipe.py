"""A recipe: every choice of a training run that is not its data, its base model or its seed."""

import difflib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from espalier.core.failures import UnusableInput

LARGEST_FILE = 64 * 1024

ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
MLP = ("gate_proj", "up_proj", "down_proj")
TARGETS = {"all-linear": ATTENTION + MLP, "attention": ATTENTION, "mlp": MLP}

Share = Annotated[float, Field(ge=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


class Freeze(BaseModel):
    """What stays as the base model has it. Unfreezing is for ablations; the run records it and the adapter carries it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    norms: bool = True
    embeddings: bool = True


class Recipe(BaseModel):
    """Units: tokens for lengths, optimizer steps for intervals, shares of one for dropout and warm-up."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    name: Annotated[str, Field(min_length=1, max_length=80)]
    description: Annotated[str, Field(max_length=400)] = ""

    # Low-rank adaptation (Hu et al. 2021): W + alpha/rank * B A, on every linear layer but the output head.
    rank: Annotated[int, Field(ge=1, le=1024)] = 16
    alpha: Annotated[int, Field(ge=1, le=4096)] = 32
    targets: Literal["all-linear", "attention", "mlp"] = "all-linear"
    dropout: Share = 0.0
    freeze: Freeze = Freeze()

    optimizer: Literal["adamw", "adamw8bit", "paged_adamw8bit"] = "adamw"
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 2e-4
    schedule: Literal["cosine", "constant"] = "cosine"
    warmup: Share = 0.05
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.0
    clip: Annotated[float, Field(gt=0)] = 1.0

    # Whichever ends first ends the run; without epochs, as many as the steps need.
    epochs: Count | None = None
    max_steps: Count | None = None

    row_tokens: Annotated[int, Field(ge=16, le=131072)] = 1024
    rows_per_micro: Annotated[int, Field(ge=1, le=1024)] = 1
    accumulation: Annotated[int, Field(ge=1, le=4096)] = 8

    precision: Literal["auto", "bf16", "fp32"] = "auto"
    quantisation: Literal["none", "nf4"] = "none"
    gradient_checkpointing: bool = False
    threads: Annotated[int, Field(ge=0, le=1024)] = 0  # 0: the physical cores of the machine

    validate_every: Count = 50
    validation_rows: Annotated[int, Field(ge=0)] = 64
    checkpoint_every: Count = 50
    inspect_every: Count = 10  # counting zeros, subnormals and overflowing activations costs a pass over them
    gradient_noise: bool = True

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.epochs is None and self.max_steps is None:
            raise ValueError("neither epochs nor max_steps says when the run ends")
        return self


def recipe_names() -> tuple[str, ...]:
    folder = resources.files("espalier.resources").joinpath("recipes")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load(path_or_name: str | Path) -> Recipe:
    """A recipe that comes with Espalier, by name, or a TOML file, by path; raises UnusableInput."""
    if isinstance(path_or_name, str) and path_or_name in recipe_names():
        source = resources.files("espalier.resources").joinpath("recipes", f"{path_or_name}.toml")
        return parse(source.read_bytes(), f"{path_or_name}.toml")
    path = Path(path_or_name)
    if path.suffix != ".toml" and not path.exists():
        known = ", ".join(recipe_names())
        raise UnusableInput(
            f"There is no recipe named {str(path_or_name)!r}.", f"Known: {known}; or name a .toml file."
        )
    return parse(_read(path), path.name)


def parse(source: bytes, name: str) -> Recipe:
    """The recipe that these bytes of TOML hold; `name` is what the sentences call the file."""
    try:
        table = tomllib.loads(source.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnusableInput(f"The recipe {name} is not UTF-8 text.", "Save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnusableInput(f"The recipe {name} is not valid TOML: {_brief(str(error))}.", "Mend the file.") from None
    return recipe_from(table, name)


def recipe_from(table: dict[str, Any], name: str) -> Recipe:
    """Check a table of choices; every wrong one gets a sentence of its own."""
    try:
        return Recipe.model_validate(table)
    except ValidationError as error:
        sentences = [_sentence(dict(found), name) for found in error.errors(include_url=False)]
        raise UnusableInput(" ".join(sentences), "Change the recipe; the help lists every key.") from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            source = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnusableInput(f"The recipe {path} can't be read: {error.strerror}.", "Check the path.") from None
    if len(source) > LARGEST_FILE:
        raise UnusableInput(f"{path} is too large for a recipe.", "Name a TOML file with a recipe in it.")
    return source


def _sentence(found: dict[str, Any], name: str) -> str:
    key = ".".join(str(part) for part in found["loc"])
    if found["type"] == "extra_forbidden":
        return f"The recipe {name} has an unknown key {_brief(key)!r}{_nearest(found['loc'])}."
    if found["type"] == "missing":
        return f"The recipe {name} lacks {key!r}."
    message = str(found["msg"]).removeprefix("Input ").removeprefix("Value error, ")
    if not key:
        return f"In the recipe {name}, {message}."
    return f"The recipe {name} says {key} = {_brief(repr(found['input']))}, which {message}."


def _nearest(location: tuple[str | int, ...]) -> str:
    inside = Freeze if location[:-1] == ("freeze",) else Recipe
    close = difflib.get_close_matches(str(location[-1]), list(inside.model_fields), n=1, cutoff=0.0)
    prefix = "freeze." if inside is Freeze else ""
    return f"; the nearest known one is {prefix + close[0]!r}" if close else ""


def _brief(text: str, length: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
