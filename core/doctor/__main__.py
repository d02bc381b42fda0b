"""What `diagnose` finds, a JSON object a line as each is known: for the window, which can end this process at any moment."""

import json
import sys
from dataclasses import asdict

from espalier.core.doctor.diagnose import diagnose


def main() -> None:
    for found in diagnose():
        sys.stdout.write(json.dumps(asdict(found)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
