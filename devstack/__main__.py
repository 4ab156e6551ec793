"""``python -m devstack COMMAND``."""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - the interpreter may be any
    sys.exit("Python 3.10 or newer is needed; name one: make … PYTHON=python3.11")

from devstack.cli import main

sys.exit(main(sys.argv[1:]))
