"""A worker in a process of its own: claims everything that is due, says so, and waits to be killed.

python -m tests.support.holding URL DATA_DIR WORKER_ID
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.support.kept import NOW, open_store


def main(url: str, data_dir: str, worker_id: str) -> None:
    store = open_store(url, Path(data_dir))
    with store.presence(worker_id, "to be killed"):
        with store.open_work() as work:
            jobs = work.queue.claim(worker_id, now=NOW, limit=9)
            deliveries = work.deliveries.claim(worker_id, now=NOW, limit=9, per_endpoint=9)
        sys.stdout.write(f"{len(jobs)} {len(deliveries)}\n")
        sys.stdout.flush()
        time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
