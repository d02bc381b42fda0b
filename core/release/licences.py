"""What a base model's licence asks of whoever passes an adapter on: texts, notices, a name; and the sources' export classes."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Final

from espalier.core.failures import GateShut
from espalier.core.release.manifest import ExportClass

EXPORT_CLASSES: Final[tuple[ExportClass, ...]] = ("do not export", "internal", "contractors", "cloud")
"""Most restrictive first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligations:
    """`text` names the licence's file in resources/licences; `name_prefix` is how a derived model's name must begin."""

    licence: str
    text: str
    notice: str
    name_prefix: str = ""
    credit: str = ""


def _llama(version: str, title: str) -> Obligations:
    return Obligations(
        licence=f"LicenseRef-llama{version}",
        text=f"LicenseRef-llama{version}.txt",
        notice=f"{title} is licensed under the {title} Community License, "
        "Copyright © Meta Platforms, Inc. All Rights Reserved.",
        name_prefix="Llama",
        credit="Built with Llama",
    )


_KNOWN: Final = {
    one.licence: one
    for one in (
        Obligations(
            licence="Apache-2.0",
            text="Apache-2.0.txt",
            notice="The adapter changes the behaviour of the base model named here, from whose weights it was trained. "
            "Those weights are not part of this bundle; of the modules that the manifest lists as trained whole, if any, "
            "it carries changed copies (Apache License 2.0, section 4 b).",
        ),
        # Llama 3.1 agreement, 1.b.i and 1.b.iii; the later ones keep the clauses and change the number.
        _llama("3.1", "Llama 3.1"),
        _llama("3.2", "Llama 3.2"),
        _llama("3.3", "Llama 3.3"),
    )
}


def obligations(licence: str) -> Obligations:
    """Raises GateShut for a base licence whose terms nobody has written down here."""
    found = _KNOWN.get(licence)
    if found is None:
        known = ", ".join(sorted(_KNOWN))
        raise GateShut(
            f"What the base model's licence {licence or 'unknown'} asks of a release is not known.",
            f"Use a base model under one of {known}.",
        )
    return found


def licence_text(one: Obligations) -> bytes:
    """The licence word for word; raises GateShut where the text isn't carried, since it must travel with the bundle."""
    source = resources.files("espalier.resources").joinpath("licences", one.text)
    if not source.is_file():
        raise GateShut(
            f"The text of {one.licence} must travel with a release and is not installed.",
            "Use a base model under Apache-2.0.",
        )
    return source.read_bytes()


def name(plain: str, one: Obligations) -> str:
    """The release's name, begun as the licence wants it."""
    if plain.startswith(one.name_prefix):
        return plain
    return f"{one.name_prefix}-{plain}"


def strictest(classes: Iterable[str]) -> ExportClass:
    """The most restrictive of the sources' classes; nothing, and anything unknown, may not be exported."""
    ranks = [EXPORT_CLASSES.index(known) if (known := _known(one)) else 0 for one in classes]
    return EXPORT_CLASSES[min(ranks, default=0)]


def _known(text: str) -> ExportClass | None:
    return next((one for one in EXPORT_CLASSES if one == text), None)
