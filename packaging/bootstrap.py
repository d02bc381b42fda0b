"""The two commands that a fresh machine needs: `run` sets Espalier up and starts it, `test` sets it up and tests it.

Any Python 3 can read this file, so that one which is too old is told so.
"""

import sys

OLDEST = (3, 11)
USAGE = """Usage: python3 packaging/bootstrap.py run [ARGUMENTS…]    set up, then start espalier with these arguments;
                                                          without any: the window, or the demo where there is no display
       python3 packaging/bootstrap.py test [ARGUMENTS…]   set up, then run the whole test suite;
                                                          with arguments: only pytest, with these
"""
TOO_OLD = """Espalier needs Python 3.11 or newer, and this is Python {}.{}.
Start it with a newer one, for example: python3.11 packaging/bootstrap.py run
"""
INCOMPLETE = """This Python lacks a part of its standard library ({}).
Install the whole of it and run this again; on Debian: sudo apt-get install -y python3
"""


def main(arguments: "list[str]") -> int:
    if sys.version_info < OLDEST:
        sys.stderr.write(TOO_OLD.format(sys.version_info[0], sys.version_info[1]))
        return 2
    if arguments[:1] in (["-h"], ["--help"]):
        sys.stdout.write(USAGE)
        return 0
    if arguments[:1] not in (["run"], ["test"]):
        sys.stderr.write(USAGE)
        return 2
    try:
        import verbs
    except ImportError as missing:
        sys.stderr.write(INCOMPLETE.format(missing))
        return 3
    return verbs.run(arguments[1:]) if arguments[0] == "run" else verbs.test(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
