"""Measurements in a process of their own, with the memory and the caches of a fresh start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def figures(
    module: str, *arguments: str, begin: str = "{", **environment: str
) -> list[dict[str, Any]]:
    """Run a module of the benchmarks, and read the figures that it prints.

    :param module: its name, such as ``export``
    :param arguments: of its command line
    :param begin: how its lines of figures begin; the others are left out
    :param environment: variables that are otherwise than here
    :returns: a dictionary a line (JSON)
    :raises subprocess.CalledProcessError: the process fails
    """
    done = subprocess.run(  # noqa: S603 (our own module)
        [sys.executable, "-m", f"benchmarks.{module}", *arguments],
        env={**os.environ, **environment},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith(begin)]
