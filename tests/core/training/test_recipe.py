"""Recipes: what is refused, and in which words."""

import json
from pathlib import Path

import pytest

from espalier.core.failures import UnusableInput
from espalier.core.project.canonical import canonical
from espalier.core.training.recipe import Recipe, load, parse, recipe_from, recipe_names


def test_that_every_recipe_that_comes_along_can_be_read() -> None:
    assert recipe_names() == ("careful", "demo", "qlora")
    assert {load(name).name for name in recipe_names()} == set(recipe_names())
    assert load("qlora").quantisation == "nf4"


def test_that_norms_and_embeddings_are_frozen_unless_a_recipe_says_otherwise() -> None:
    assert all(load(name).freeze.norms and load(name).freeze.embeddings for name in recipe_names())
    loose = parse(b'name = "x"\nepochs = 1\n[freeze]\nnorms = false', "x.toml")
    assert not loose.freeze.norms and loose.freeze.embeddings


def test_that_a_recipe_survives_canonical_json() -> None:
    recipe = load("careful")
    assert recipe_from(json.loads(canonical(recipe.model_dump())), "x") == recipe


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            b"learning_rat = 1",
            "The recipe my.toml has an unknown key 'learning_rat'; the nearest known one is 'learning_rate'.",
        ),
        (b"[freeze]\nnorm = true", "has an unknown key 'freeze.norm'; the nearest known one is 'freeze.norms'."),
        (b"rank = 0", "The recipe my.toml says rank = 0, which should be greater than or equal to 1."),
        (b'rank = "16"', "The recipe my.toml says rank = '16', which should be a valid integer."),
        (b"learning_rate = nan", "says learning_rate = nan, which should be a finite number."),
        (b"clip = inf", "says clip = inf, which should be a finite number."),
        (b'precision = "fp16"', "says precision = 'fp16', which should be 'auto', 'bf16' or 'fp32'."),
        (b'quantisation = "int3"', "says quantisation = 'int3', which should be 'none' or 'nf4'."),
    ],
)
def test_that_a_wrong_choice_is_named_with_its_key_and_value(source: bytes, sentence: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        parse(b'name = "x"\nepochs = 1\n' + source, "my.toml")
    assert sentence in refused.value.sentence


def test_that_several_wrong_choices_get_a_sentence_each() -> None:
    with pytest.raises(UnusableInput) as refused:
        parse(b'name = "x"\nepochs = 1\nrank = 0\ndropout = 1.5', "my.toml")
    assert refused.value.sentence.count("The recipe my.toml says") == 2


def test_that_a_recipe_must_say_when_it_ends() -> None:
    with pytest.raises(UnusableInput, match="neither epochs nor max_steps"):
        parse(b'name = "x"', "my.toml")


@pytest.mark.parametrize("source", [b"name = ", b"\xff\xfe", b"x = " + b"[" * 20_000])
def test_that_what_is_no_toml_is_refused(source: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(source)
    with pytest.raises(UnusableInput, match=r"bad\.toml"):
        load(path)


def test_that_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnusableInput) as refused:
        load("carefull")
    assert "careful, demo, qlora" in refused.value.remedy


def test_that_a_huge_file_is_not_read_as_a_recipe(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_bytes(b"#" * 100_000)
    with pytest.raises(UnusableInput, match="too large"):
        load(path)


def test_that_a_recipe_can_not_be_changed_under_a_run() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Recipe(name="x", epochs=1).rank = 3
