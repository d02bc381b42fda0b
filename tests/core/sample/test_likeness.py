"""Held-out bodies are no near copies of what is trained on."""

import ast
import re

from hypothesis import given
from hypothesis import strategies as st

from espalier.core.sample import Sample, ServiceFunction
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


def docstring(function: ServiceFunction) -> str:
    (node,) = ast.parse(function.source).body
    assert isinstance(node, ast.FunctionDef)
    return ast.get_docstring(node) or ""


def test_that_no_two_functions_have_the_same_name_or_docstring(sample: Sample) -> None:
    assert len({docstring(function) for function in sample.functions}) == len(sample.functions)
    assert len({function.name for function in sample.functions}) == len(sample.functions)


def test_that_a_docstring_says_whether_the_function_refuses(sample: Sample) -> None:
    """Or a model could only guess it, and a test of it would measure luck."""
    says = {function.name for function in sample.functions if "refuse" in docstring(function)}
    assert says == {function.name for function in sample.functions if "return Err(" in function.source}


def test_that_tests_of_held_out_functions_ask_for_no_particular_refusal(sample: Sample) -> None:
    held_out = {test for function in sample.held_out for test in function.tests}
    for path in {function.tests[0].partition("::")[0] for function in sample.held_out}:
        text = (sample.path / path).read_text("utf-8")
        for test, body in re.findall(r"^def (test_\w+)(.*?)(?=\n\n\n|\Z)", text, re.DOTALL | re.MULTILINE):
            assert not (f"{path}::{test}" in held_out and "== Err(" in body), test


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
