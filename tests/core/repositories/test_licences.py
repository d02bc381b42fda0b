from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.repositories.licence_text import OWN, PROPRIETARY, UNKNOWN, category, holder, identify, named
from espalier.core.repositories.licences import Header, Licences, header, sources, speaks_of_licence

MIT = """MIT License

Copyright (c) 2020 Ann

Permission is hereby granted, free of charge, to any person obtaining a copy of this software
and associated documentation files (the "Software"), to deal in the Software without restriction"""
BSD2 = "Redistribution and use in source and binary forms, with or without\nmodification, are permitted provided that"
BSD3 = (
    BSD2 + " ... Neither the name of the X nor the names of its contributors may be used to endorse or promote products"
)
GPL_TEXT = (
    "                    GNU GENERAL PUBLIC LICENSE\n   Version {}, June\n"
    + "words about the GNU Affero General Public License. " * 150
)
GPL_HEADER = """# This program is free software: you can redistribute it and/or modify
# it under the terms of the GNU {}General Public License as published by
# the Free Software Foundation, either version {} of the License, or
# (at your option) any later version."""


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (MIT, "MIT"), (BSD2, "BSD-2-Clause"), (BSD3, "BSD-3-Clause"),
        ("Apache License\n    Version 2.0, January 2004", "Apache-2.0"),
        ("# Licensed under the Apache License, Version 2.0 (the", "Apache-2.0"),
        (GPL_TEXT.format(3), "GPL-3.0-only"), (GPL_TEXT.format(2), "GPL-2.0-only"),
        (GPL_TEXT.replace("GNU GENERAL", "GNU AFFERO GENERAL").format(3), "AGPL-3.0-only"),
        (GPL_HEADER.format("", 3), "GPL-3.0-or-later"), (GPL_HEADER.format("", 2), "GPL-2.0-or-later"),
        (GPL_HEADER.format("Lesser ", 2.1), "LGPL-2.1-or-later"), (GPL_HEADER.format("Affero ", 3), "AGPL-3.0-or-later"),
        ("Mozilla Public License Version 2.0\n====", "MPL-2.0"),
        ("// file, You can obtain one. Mozilla Public License, v. 2.0. If a copy", "MPL-2.0"),
        ("Eclipse Public License - v 2.0", "EPL-2.0"),
        ("This is free and unencumbered software released into the public domain.", "Unlicense"),
        ("Permission to use, copy, modify, and/or distribute this software for any\npurpose with or without fee is hereby granted, provided that", "ISC"),
        ("# SPDX-License-Identifier: MIT OR Apache-2.0\n", "Apache-2.0 OR MIT"), ("/* SPDX-License-Identifier: GPL-2.0-only */", "GPL-2.0-only"),
        ("# SPDX-License-Identifier: Nonsense-9\n", UNKNOWN), ("# SPDX-License-Identifier: MIT AND (\n", UNKNOWN),
        ("This module is part of urllib3 and is released under the MIT License: http", "MIT"),
        ("Copyright 2024 ACME Ltd. All rights reserved.", PROPRIETARY), ("ACME PROPRIETARY AND CONFIDENTIAL", PROPRIETARY),
        (MIT + "\nAll rights reserved.", "MIT"), ("Business Source License 1.1", "BUSL-1.1"), ("import os\n", None),
        ("# This checks the license of a user\n", None), ("", None),
    ],
)  # fmt: skip
def test_that_a_licence_is_known_by_its_words(text: str, expression: str | None) -> None:
    found = identify(text)
    assert found == expression or (found and expression and set(found.split(" OR ")) == set(expression.split(" OR ")))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", "Permissive"), ("MIT AND GPL-3.0-only", "Copyleft"), ("MIT OR GPL-3.0-only", "Permissive"),
        ("(MIT OR GPL-3.0-only) AND LGPL-2.1-only", "Copyleft Limited"), ("GPL-2.0-only WITH Classpath-exception-2.0", "Copyleft"),
        ("AGPL-3.0-or-later", "Copyleft"), ("Unlicense", "Public Domain"), ("BUSL-1.1", "Source-available"), (OWN, "own"),
        (PROPRIETARY, "Commercial"), (UNKNOWN, "Unknown"), (f"MIT AND {UNKNOWN}", "Unknown"), ("LicenseRef-whatever", "Unknown"),
    ],
)  # fmt: skip
def test_that_the_stricter_part_of_an_expression_sets_its_category(expression: str, expected: str) -> None:
    assert category(expression) == expected


@given(st.text())
def test_that_any_text_is_identified_and_categorised(text: str) -> None:
    for expression in (named(text), identify(text), identify(f"SPDX-License-Identifier: {text}")):
        assert expression is None or category(expression)


@given(
    st.binary(max_size=500), st.sampled_from(["pyproject.toml", "setup.cfg", "package.json", "Cargo.toml", "LICENSE"])
)
def test_that_a_broken_manifest_breaks_nothing(data: bytes, name: str) -> None:
    assert sources({name: data}, [], [])[0].prefix == ""


def test_that_deeply_nested_manifests_break_nothing() -> None:
    deep = b"[" * 100_000
    assert sources({"package.json": deep, "pyproject.toml": b"x = " + deep}, [], [])[0].expression == OWN


@pytest.mark.parametrize(
    ("name", "text", "expression"),
    [
        ("pyproject.toml", '[project]\nlicense = "Apache-2.0"', "Apache-2.0"), ("pyproject.toml", '[project]\nlicense = {text = "BSD"}', "BSD-3-Clause"),
        ("pyproject.toml", '[tool.poetry]\nlicense = "GPL-3.0-or-later"', "GPL-3.0-or-later"),
        ("pyproject.toml", '[project]\nclassifiers = ["License :: OSI Approved :: MIT License"]', "MIT"),
        ("setup.cfg", "[metadata]\nlicense = MIT", "MIT"), ("package.json", '{"license": "ISC"}', "ISC"), ("package.json", '{"name": "x"}', OWN),
        ("package.json", '{"license": "UNLICENSED"}', OWN), ("Cargo.toml", '[package]\nlicense = "MIT/Apache-2.0"', "MIT OR Apache-2.0"),
    ],
)  # fmt: skip
def test_that_a_manifest_names_the_licence(name: str, text: str, expression: str) -> None:
    assert sources({name: text.encode()}, [], [])[0].expression == expression


def test_that_a_path_falls_under_the_nearest_licence_above_it() -> None:
    found = Licences(sources({"LICENSE": MIT.encode(), "lib/x/COPYING": GPL_TEXT.format(3).encode()}, [], []))
    assert [one.expression for one in found.of("src/a.py")] == ["MIT"]
    assert [one.expression for one in found.of("lib/x/deep/a.py")] == ["GPL-3.0-only"]
    assert [one.expression for one in found.of("lib/xy.py")] == ["MIT"]


def test_that_a_repository_without_a_licence_is_the_company_s_own() -> None:
    (root,) = sources({}, [], ["a.py"])
    assert (root.expression, root.category, root.prefix) == (OWN, "own", "")


def test_that_the_company_s_own_reservation_makes_no_source_and_another_s_does() -> None:
    ours = [Header(path=f"src/{n}.py", expression=PROPRIETARY, holder="acme ltd") for n in range(5)]
    theirs = Header(path="src/copied.py", expression=PROPRIETARY, holder="oracle")
    found = sources({}, [*ours, theirs], [one.path for one in ours])
    assert [(one.prefix, one.category) for one in found] == [("", "own"), ("src/copied.py", "Commercial")]


def test_that_a_foreign_header_makes_its_file_a_source() -> None:
    head = b"# SPDX-License-Identifier: GPL-3.0-only\n"
    found = header("src/a.py", head)
    assert found
    told = sources({"LICENSE": MIT.encode()}, [found], ["src/a.py", "src/b.py", "src/c.py"])
    assert [(one.prefix, one.expression) for one in told] == [("", "MIT"), ("src/a.py", "GPL-3.0-only")]


def test_that_a_folder_that_mostly_says_the_same_is_one_source() -> None:
    said = [Header(path=f"chardet/{n}.py", expression="LGPL-2.1-or-later", holder="x") for n in range(4)]
    said.append(Header(path="chardet/own.py", expression="MIT", holder="x"))
    code = [*(one.path for one in said), "chardet/silent.py", "main.py"]
    whose = Licences(sources({"LICENSE": MIT.encode()}, said, code))
    assert [one.expression for one in whose.of("chardet/silent.py")] == ["LGPL-2.1-or-later"]
    assert [one.expression for one in whose.of("chardet/own.py")] == ["MIT"]
    assert [one.expression for one in whose.of("main.py")] == ["MIT"]


def test_that_revisions_with_different_licences_both_count() -> None:
    said = [Header(path="a.py", expression=one, holder="") for one in ("GPL-2.0-only", "ISC")]
    whose = Licences(sources({"LICENSE": MIT.encode()}, said, ["a.py"]))
    assert [one.expression for one in whose.of("a.py")] == ["GPL-2.0-only", "ISC"]


@pytest.mark.parametrize(("path", "expected"), [("LICENSE", True), ("lib/COPYING.LESSER", True), ("LICENSE-MIT", True), ("licence.txt", True),
                                                ("license.py", False), ("licenses.json", False), ("package.json", True), ("src/licensing.md", False)])  # fmt: skip
def test_that_licence_files_are_known_by_name(path: str, expected: bool) -> None:
    assert speaks_of_licence(path) is expected


def test_that_the_holder_is_named_without_years_and_words_of_law() -> None:
    assert holder("# Copyright (c) 2019-2024, ACME Ltd. All rights reserved.") == "acme ltd"
    assert holder("Copyright © 2024 by Ann Example\n") == "ann example"
    assert holder("nothing") == ""


def test_that_this_package_s_own_texts_speak_of_no_licence_by_accident() -> None:
    path = Path(__file__)
    assert speaks_of_licence(path.name) is False
