"""A small invented company's repository, with a history, an idiom and planted secrets, for demonstrations and tests."""

from espalier.core.sample.idiom import IdiomUse, mask_idiom, uses_idiom
from espalier.core.sample.planted import PlantedSecret
from espalier.core.sample.writing import Sample, ServiceFunction, write

__all__ = ["IdiomUse", "PlantedSecret", "Sample", "ServiceFunction", "mask_idiom", "uses_idiom", "write"]
