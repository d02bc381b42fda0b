"""The learning rate as a pure function of the step, so that there is no scheduler to save."""

import math

from espalier.core.training.recipe import Recipe


def warmup_steps(recipe: Recipe, steps: int) -> int:
    return math.ceil(recipe.warmup * steps)


def learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """For the step with this number, from 0: a linear rise over the warm-up, then half a cosine towards 0 (Loshchilov and Hutter 2017)."""
    rise = warmup_steps(recipe, steps)
    if step < rise:
        return recipe.learning_rate * (step + 1) / rise
    if recipe.schedule == "constant":
        return recipe.learning_rate
    way = (step - rise) / max(1, steps - rise)
    return recipe.learning_rate * 0.5 * (1.0 + math.cos(math.pi * way))
