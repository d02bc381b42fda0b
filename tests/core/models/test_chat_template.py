"""A chat template is a program of a stranger's: it renders or it is refused, and it never goes on for ever."""

import pytest

from espalier.core.failures import UnusableInput
from espalier.core.models.chat_template import LARGEST_TEXT, ChatTemplate

MESSAGES = [{"role": "user", "content": " hello "}, {"role": "assistant", "content": "hi"}]


def render(source: str) -> str:
    return ChatTemplate(source, {"bos_token": "<s>", "eos_token": "</s>"}).render(MESSAGES, add_generation_prompt=True)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ bos_token }}{{ messages[0]['content'] | trim }}{{ eos_token }}", "<s>hello</s>"),
        (
            "{% for m in messages %}{{ m.role }}:{{ m['content'].strip() + ';' }}{% endfor %}",
            "user:hello;assistant:hi;",
        ),
        ("{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}", "2"),
        ("{% macro say(x) %}[{{ x }}]{% endmacro %}{{ say('a') ~ say('b') ~ 1 }}", "[a][b]1"),
        ("{% for m in messages if m.role == 'user' %}{{ loop.index0 }}{% endfor %}", "0"),
        ("{% for m in messages %}{% if loop.first %}{% continue %}{% endif %}{{ m.content }}{% endfor %}", "hi"),
        ("{{ messages[1] | tojson }}", '{"role": "assistant", "content": "hi"}'),
        ("{{ {'a': '<é>'} | tojson(indent=2) }}", '{\n  "a": "<é>"\n}'),
        ("{{ 'a-b'.replace('-', '+') }}{{ 'a-b' | replace('-', '*') }}{{ ['x', 'y'] | join(',') }}", "a+ba*bx,y"),
        ("{{ messages | selectattr('role', 'equalto', 'user') | list | length }}", "1"),
        ("{% if date is defined %}x{% else %}y{% endif %}{{ 'think</t>so'.split('</t>')[-1] }}", "yso"),
        ("{% if add_generation_prompt %}{{ 'go' }}{% endif %}\n", "go"),
    ],
)
def test_that_what_templates_do_is_rendered(source: str, expected: str) -> None:
    assert render(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}",
        "{% for a in messages[0].content * 1000000 %}{% endfor %}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}",
        "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set x %}{{ ns.x }}{{ ns.x }}{% endset %}"
        "{% set ns.x = x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x ~ '' }}",
        "{% set ns = namespace(x='aa') %}{% for i in range(60) %}{% set ns.x = ns.x | replace('a', 'aaa') %}{% endfor %}",
        "{% set ns = namespace(x='aa') %}{% for i in range(60) %}{% set ns.x = ns.x.replace('a', 'aaa') %}{% endfor %}",
        "{% set ns = namespace(x=['a']) %}{% for i in range(60) %}{% set ns.x = [ns.x | join('a' ~ ns.x[0])] * 2 %}{% endfor %}",
        "{% set ns = namespace(x=9) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'a'['format'](1) }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ 'a\nb' | indent(1000000000) }}",
        "{{ lipsum(n=1000000) }}",
        "{{ range(1000000000) | list }}",
        "{{ messages | tojson(indent=1000000000) }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ messages.__class__.__subclasses__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ messages.append(1) }}",
        "{{ (messages | map('attr', '__class__') | list)[0] }}",
        "{{ undefined_name.attribute }}",
        "{% include 'x' %}",
        "{% import '/etc/passwd' as x %}",
        "{{ raise_exception('roles must alternate') }}",
        "{{ 1 / 0 }}",
        "{% for",
        "{{ 'a' | nosuchfilter }}",
        "a" * (1 << 17),
    ],
)
def test_that_what_could_escape_or_never_end_is_refused(source: str) -> None:
    with pytest.raises(UnusableInput, match=r"^The model's chat template"):
        render(source)


def test_that_every_rendering_has_its_own_budget() -> None:
    template = ChatTemplate("{% for i in range(9000) %}{{ 'x' }}{% endfor %}", {})
    assert {len(template.render(MESSAGES, add_generation_prompt=False)) for _ in range(15)} == {9000}


def test_that_a_conversation_beyond_all_measure_is_refused() -> None:
    with pytest.raises(UnusableInput, match=r"too long to render"):
        ChatTemplate("x", {}).render(
            [{"role": "user", "content": "x" * (LARGEST_TEXT + 1)}], add_generation_prompt=False
        )


def test_that_the_templates_own_complaint_reaches_the_person() -> None:
    with pytest.raises(UnusableInput, match=r"roles must alternate"):
        render("{{ raise_exception('roles must alternate') }}")
