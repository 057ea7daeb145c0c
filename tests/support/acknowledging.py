"""A server in a process of its own: changes and acknowledges one thing after another until it is killed.

python -m tests.support.acknowledging URL DATA_DIR ACCOUNT_ID
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from lacre.kit.ids import AccountId
from lacre.signing import actions
from lacre.signing.announcing import Actor
from lacre.signing.envelope import EnvelopeStatus
from lacre.store.opening import Store
from tests.support.kept import NOW, an_envelope, open_store

THREADS = 3  # so that commits are shared when it is killed


def main(url: str, data_dir: str, account_id: str) -> None:
    store = open_store(url, Path(data_dir))
    for _ in range(THREADS):
        threading.Thread(target=_create_for_ever, args=(store, AccountId(account_id))).start()


def _create_for_ever(store: Store, account_id: AccountId) -> None:
    while True:
        content = store.files.keep_bytes(str(threading.get_ident()).encode())
        with store.open_work() as work:
            envelope = an_envelope(account_id, number=work.envelopes.next_number(account_id))
            envelope.status = EnvelopeStatus.DRAFT
            envelope.documents[0].original = content
            actions.create(work, envelope, by=Actor(name="test"), now=NOW)
            actions.send(work, envelope, by=Actor(name="test"), now=NOW)
        # one write, so that lines of different threads do not mix
        sys.stdout.write(f"{envelope.id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
