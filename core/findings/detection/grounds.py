"""Grounds: what speaks for a candidate and against it, as codes that traits fall under, and a plain phrase for each.

A phrase is of the kind of value, of its name, line and file; no word of a file gets into one, so that no value can.
"""

import re
from collections.abc import Mapping

# What each code is called where it speaks for a secret, and where it speaks against one.
PHRASES: Mapping[str, tuple[str, str]] = {
    "named password": ("named like a password", "named like a password, of which many are none"),
    "named secret": ("named like a secret", "named like a secret, of which many are none"),
    "named token": ("named like a token", "named like a token, of which many are none"),
    "named key": ("named like a key", "named like a key, of which many are none"),
    "named public": ("named like something public that is none", "named like something public"),
    "named nothing": ("stands by itself", "no name tells of a secret"),
    "name": ("its name has words that names of secrets have", "its name has words that other names have"),
    "letters": ("letters that make no word", "made of words"),
    "looks random": ("looks random", "looks random, as identifiers do"),
    "looks strong": ("mixed like a strong password", "mixed, but not like a password"),
    "looks like letters": ("letters alone, and no known word", "letters alone"),
    "looks like a word": ("reads like a word that was chosen", "reads like a word"),
    "looks like a sentence": ("several words, as in a passphrase", "several words"),
    "looks like a number": ("a number, as in a code", "a number"),
    "looks like a digest": ("looks like a digest, as keys do", "looks like an identifier or a digest"),
    "looks like a stand-in": ("looks like a stand-in that is in use", "looks like a placeholder"),
    "looks like a reference": ("looks like a reference that was filled in", "points at where a secret is kept"),
    "looks like a name": ("looks like a name that was chosen", "looks like a name"),
    "looks mixed": ("letters, digits or signs together", "letters, digits or signs without order"),
    "characters": ("the characters that secrets are made of", "characters that secrets are rarely made of"),
    "length": ("as long as secrets are", "of a length that secrets rarely have"),
    "identifier": ("written like an identifier, and is none", "looks like an identifier"),
    "words and digits": ("words and digits, as people make passwords", "words and digits"),
    "UUID": ("a UUID", "a UUID"),
    "one kind": ("letters or digits alone", "letters or digits alone"),
    "machine made": ("coded as machines write keys", "coded as machines write anything"),
    "address": ("in an address or a path", "an address or a path"),
    "unfinished": ("filled in where a placeholder stood", "masked, or to be filled in"),
    "code": ("written like code", "looks like code"),
    "counted": ("counts up or repeats itself", "counts up or repeats itself"),
    "readable underneath": ("readable text under an encoding", "readable text under an encoding"),
    "speaks of secrets": ("speaks of a secret", "only speaks of a secret"),
    "line digest": ("its line speaks of a digest", "its line speaks of a digest"),
    "line documented": ("its line speaks of an example", "its line speaks of an example"),
    "line public key": ("its line speaks of a public key", "its line speaks of a public key"),
    "line image": ("its line holds an image", "its line holds an image"),
    "line comment": ("in a comment", "in a comment"),
    "line markup": ("in markup", "in markup"),
    "line translated": ("its line speaks of labels", "its line speaks of labels"),
    "line query": ("in the query of an address", "in the query of an address"),
    "line compared": ("compared with something", "compared with something"),
    "line environment": ("set in the environment", "set in the environment"),
    "line signs in": ("handed to what signs in", "handed to what signs in"),
    "line signs": ("handed to what signs or encrypts", "handed to what signs or encrypts"),
    "sign": ("given to its name as secrets are", "given to its name as other things are"),
    "quotes": ("in quotes", "not in quotes, where code would have them"),
    "among tests": ("in a test, where passwords are written down", "in a test"),
    "among examples": ("in an example", "in an example"),
    "among translations": ("in a translation", "in a translation"),
    "among made": ("in a file that a machine made", "in a file that a machine made"),
    "among documents": ("in documentation", "in documentation"),
    "among settings": ("in a file of settings", "in a file of settings"),
    "in code": ("in code", "in code"),
    "in settings": ("in a file that sets values", "in a file that sets values"),
    "in prose": ("in prose", "in prose"),
    "in messages": ("in a message", "in a message"),
    "in other files": ("in a file of no known kind", "in a file of no known kind"),
}
_SHAPES = {
    "camel case": "identifier", "snake": "identifier", "kebab": "identifier", "constant": "identifier", "dotted": "identifier",
    "word and digits": "words and digits", "capitalised words": "words and digits", "leet": "characters", "UUID": "UUID",
    "one capitalised word": "one kind", "small letters": "one kind", "capitals": "one kind", "digits": "one kind",
    "hexadecimal": "machine made", "base64": "machine made", "begins eyJ": "machine made", "path": "address", "address": "address",
    "template": "unfinished", "masked": "unfinished", "placeholder": "unfinished", "weak": "unfinished", "code": "code",
    "markup": "code", "counted": "counted",
}  # fmt: skip
_ALONE = {
    "words": "letters", "unlikely letters": "letters", "digits": "characters", "capitals": "characters", "symbols": "characters",
    "no name": "named nothing", "quoted": "quotes", "unquoted": "quotes", "unquoted in code": "quotes",
    "readable underneath": "readable underneath", "speaks of secrets": "speaks of secrets",
}  # fmt: skip
_NAMED = "password|secret|token|key|public|nothing"
_LOOKS = "random|strong|mixed|like letters|like a (?:word|sentence|number|digest|stand-in|reference|name)"
_FORMS = (
    (re.compile(r"(?:.* )?(among (?:tests|examples|translations|made|documents|settings))\Z"), r"\1"),
    (re.compile(rf"(?:{_NAMED}) that looks ({_LOOKS})\Z"), r"looks \1"),
    (re.compile(rf"({_LOOKS}) (?:after .*|in .*)\Z"), r"looks \1"),
    (re.compile(rf"({_NAMED}) in .*\Z"), r"named \1"),
    (re.compile(r"(in (?:code|settings|prose|messages|other files))\Z"), r"\1"),
    (re.compile(rf"(named (?:{_NAMED}))\Z"), r"\1"),
    (re.compile(r"name (?:has|ends) .*\Z"), "name"),
    (re.compile(r"line: (.*)\Z"), r"line \1"),
    (re.compile(r"sign .*\Z"), "sign"),
    (re.compile(r"length .*\Z"), "length"),
    (re.compile(r"of .*\Z"), "characters"),
)
# That a value is its own name, or holds it, would give it away; how many bits it has is told as a number, and how its rule
# does by what people decided.
UNTOLD = frozenset({"is its own name", "holds its name", "entropy", "fullness", "goes on as code"})


def code(trait: str) -> str | None:
    """What a trait falls under; None for one that is not told."""
    if trait in _ALONE:
        return _ALONE[trait]
    if trait.startswith("shape "):
        return _SHAPES[trait.removeprefix("shape ")]
    found = (form.match(trait) and form.sub(told, trait) for form, told in _FORMS)
    return None if trait in UNTOLD or trait.startswith("rule ") else next((one for one in found if one), None)
