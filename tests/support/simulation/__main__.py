"""`python -m tests.support.simulation SEED`: one life again, told on standard output."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from lacre.store.migrations.steps import migrate
from tests.support.simulation import live


def main(seed: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with TemporaryDirectory() as name:
        folder = Path(name)
        template = folder / "template.db"
        migrate(f"sqlite:///{template}")
        lived = live(seed, folder, template)
    sys.stdout.write(f"{lived}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
