"""Functions out of Python files: every part where it stands, and back again unchanged."""

import ast
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.examples import python_source
from espalier.core.examples.prompt import completion_context, in_file, solution_of, with_body
from espalier.core.examples.python_source import FunctionSource, functions, imports

SOURCE = textwrap.dedent('''\
    """Module."""

    import os
    from collections import (
        deque,
    )


    @cached
    def plain(a: int = 1, *rest: str) -> dict[str, int]:
        """Say what.

        And more.
        """
        # why
        total = a
        return {"x": total}


    class Shop(Base):
        limit = 3

        async def open(self) -> None:
            await self.door()

        class Inner:
            def deep(self):
                "doc"
                if self:
                    return 1

                return 2


    def one_line(x): return x + 1


    def empty():
        """Only this."""
''')
OURS = sorted(Path(python_source.__file__).parents[1].rglob("*.py"))


def _named(name: str) -> FunctionSource:
    return next(one for one in functions(SOURCE) if one.qualified_name == name)


def test_that_every_function_is_found_under_its_qualified_name() -> None:
    found = [one.qualified_name for one in functions(SOURCE)]
    assert found == ["plain", "Shop.open", "Shop.Inner.deep", "one_line", "empty"]


def test_that_the_parts_are_where_they_stand() -> None:
    plain = _named("plain")
    assert plain.header == "@cached\ndef plain(a: int = 1, *rest: str) -> dict[str, int]:"
    assert plain.docstring.startswith('"""Say what.')
    assert plain.body.split("\n")[0].strip() == "# why"
    assert SOURCE.split("\n")[plain.first_line - 1] == "@cached"
    assert SOURCE.split("\n")[plain.last_line - 1] == '    return {"x": total}'
    deep = _named("Shop.Inner.deep")
    assert deep.class_header == "class Inner:"
    assert deep.indent == 8
    assert _named("empty").body == ""


def test_that_the_prompt_shows_nothing_of_the_body() -> None:
    plain = _named("plain")
    context = completion_context(imports(SOURCE), plain)
    assert "total" not in context
    assert "deque" in context
    assert "And more." in context
    ast.parse(context)
    assert "class Inner:" in completion_context("", _named("Shop.Inner.deep"))


def test_that_a_solution_stands_as_at_the_top_level() -> None:
    assert solution_of(_named("Shop.Inner.deep")) == "    if self:\n        return 1\n\n    return 2"
    assert solution_of(_named("one_line")) == "    return x + 1"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_that_putting_a_functions_own_body_back_changes_nothing_it_does(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for function in functions(source):
        if function.body:
            again = in_file(source, function, solution_of(function))
            assert ast.dump(ast.parse(again)) == ast.dump(ast.parse(source))


def test_that_another_body_takes_the_place_of_the_old_one() -> None:
    deep = _named("Shop.Inner.deep")
    changed = in_file(SOURCE, deep, "    return 3")
    assert "            return 3\n" in changed
    assert "return 2" not in changed
    assert '"doc"' in changed
    assert with_body(_named("plain"), "return {}").endswith("    return {}")


@given(st.text(max_size=400))
def test_that_no_text_breaks_the_reader(text: str) -> None:
    for function in functions(text):
        assert function.name
    imports(text)
