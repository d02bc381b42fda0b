"""Held-out bodies are no near copies of what is trained on."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from espalier.core.sample import Sample
from espalier.core.sample.likeness import jaccard, nearest, shingles

TOKENS = st.lists(st.sampled_from("abc"), max_size=12).map(tuple)


def test_that_no_held_out_body_is_near_a_training_body(sample: Sample) -> None:
    training = {f"{function.service}.{function.name}": function.source for function in sample.training}
    held_out = {f"{function.service}.{function.name}": function.source for function in sample.held_out}
    found = list(nearest(held_out, training))
    assert len(found) == len(sample.held_out)
    assert max(one.jaccard for one in found) < 0.3  # 0.5 is the bound; what was written keeps well below it


def test_that_a_copy_would_be_seen(sample: Sample) -> None:
    first = sample.training[0]
    (copy,) = nearest({"copy": first.source.replace(first.name, "copy")}, {"first": first.source})
    assert copy.jaccard == 1.0


def test_that_no_two_functions_have_the_same_name_or_docstring(sample: Sample) -> None:
    docstrings = [
        ast.get_docstring(node)
        for f in sample.functions
        for node in ast.parse(f.source).body
        if isinstance(node, ast.FunctionDef)
    ]
    assert len(set(docstrings)) == len(sample.functions)
    assert len({function.name for function in sample.functions}) == len(sample.functions)


def test_that_bodies_are_short_enough_to_train_on_a_processor(sample: Sample) -> None:
    lengths = [len(function.source.splitlines()) for function in sample.functions]
    assert max(lengths) <= 16
    assert sum(lengths) / len(lengths) < 10


@given(TOKENS, TOKENS)
def test_that_likeness_is_one_only_for_equal_shingles(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    one, other = shingles(left), shingles(right)
    assert jaccard(one, other) == jaccard(other, one)
    assert (jaccard(one, other) == 1.0) == (one == other)
    assert 0.0 <= jaccard(one, other) <= 1.0
