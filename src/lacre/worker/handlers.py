"""Which function does each kind of job."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.signing import actions
from lacre.worker import jobs, post, seal

HANDLERS: Mapping[str, jobs.Handler] = {
    **jobs.HANDLERS,
    actions.SEAL: seal.seal,
    actions.UPGRADE: seal.upgrade,
    actions.NOTIFY: post.notify,
    actions.COPY: post.copy,
    actions.TELL: post.tell,
}
