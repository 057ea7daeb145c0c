"""Checks of what must not be lost: database, keys and files; and how much of the work waits."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import ArgumentError, DBAPIError

from lacre.cli.doctor.finding import Finding, fine, problem, skipped, warning
from lacre.engines import clock
from lacre.kit.retention import Sweep
from lacre.settings import Settings
from lacre.store.inspection import (
    embedded_file,
    inspect_client_certificates,
    inspect_clock,
    inspect_database,
    inspect_keys,
    inspect_retention,
    inspect_work,
)
from lacre.store.keys import KEY_FILE, KeyUnusable
from lacre.store.migrations.steps import OtherVersion
from lacre.store.opening import open_files
from lacre.webhooks.certificate import WARNED_BEFORE, end_to_mind

PROBE = b"lacre doctor writes this and reads it back\n"
SHORTEST_KEY = 20
OLDEST_POSTGRESQL = 15
LATE = timedelta(days=2)
"""Twice as long as the rarest rule waits."""
MOST_APART = timedelta(seconds=5)
"""As long as the first wait of most promises."""
MOSTLY = 0.5


def database(settings: Settings) -> Finding:
    try:
        if _is_new(settings):
            return fine("SQLite, not there yet: the first start makes it")
        server = inspect_database(settings.database, settings.data_dir)
    except ArgumentError:
        return problem("LACRE_DATABASE_URL cannot be read", "Write postgresql://user:password@host/name.")
    except OtherVersion as other:
        return problem(str(other), "See docs/operate, upgrading.")
    except DBAPIError as trouble:
        return problem(_first_line(trouble.orig), "Is it running, and do address, user and password hold?")
    return _new_enough(server)


def shared_clock(settings: Settings) -> Finding:
    """What one node makes due, another does by its own clock: the database's stands for all of them."""
    if settings.embedded:
        return fine("one machine, one clock")
    return time_apart(clock.now(), inspect_clock(settings.database, settings.data_dir))


def time_apart(ours: datetime, theirs: datetime) -> Finding:
    apart = (ours - theirs).total_seconds()
    if abs(apart) < MOST_APART.total_seconds():
        return fine("this machine's time is the database's")
    return warning(
        f"this machine is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} the database's",
        "Run chrony or systemd-timesyncd on all of them: a worker that is behind does everything later.",
    )


def keys(settings: Settings) -> Finding:
    secret = settings.secret_key.get_secret_value()
    if secret and any(len(one.strip()) < SHORTEST_KEY for one in secret.split(",")):
        return warning("LACRE_SECRET_KEY is short enough to be guessed", "Use `openssl rand -base64 32`.")
    if _is_new(settings):
        return fine("none yet: the first start makes them")
    try:
        used = inspect_keys(settings.database, settings.data_dir, secret)
    except KeyUnusable as unusable:
        return problem(
            str(unusable), "Without that key secrets and links are lost: see docs/operate, lost key."
        )
    if not used:
        return fine("none yet: the first start makes them")
    return _kept_where(settings)


def files(settings: Settings) -> Finding:
    in_bucket = settings.files_url.startswith("s3://")
    if not in_bucket and not settings.data_dir.exists():
        return skipped("made with the data folder, on the first start")
    try:
        whole = _written_and_read(settings, in_bucket=in_bucket)
    except (OSError, ValueError, LookupError) as trouble:
        return problem(_first_line(trouble), _FILES_REMEDY[in_bucket])
    if not whole:
        return problem("what was written came back otherwise", _FILES_REMEDY[in_bucket])
    return fine(f"written and read back: {settings.files_url or settings.data_dir.absolute() / 'files'}")


def _written_and_read(settings: Settings, *, in_bucket: bool) -> bool:
    """From a bucket with another node's eyes, which has no copy yet."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        source = Path(one) / "probe"
        source.write_bytes(PROBE)
        ours, theirs = (Path(one), Path(other)) if in_bucket else (settings.data_dir, settings.data_dir)
        proxy = settings.proxy_for("s3")
        digest = open_files(settings.files_url, ours, clock.now, proxy=proxy).keep(source)
        return open_files(settings.files_url, theirs, clock.now, proxy=proxy).read(digest) == PROBE


def work(settings: Settings) -> Finding:
    """What waits, and whether anybody is there to do it."""
    if _is_new(settings):
        return skipped("nothing yet")
    counts = inspect_work(settings.database, settings.data_dir, clock.now())
    workers = counts[("workers", "")]
    due = counts[("jobs_due", "")] + counts[("deliveries_due", "")]
    given_up = counts.get(("jobs", "given_up"), 0)
    said = f"{workers:g} at work, {due:g} jobs and deliveries due, {given_up:g} jobs given up"
    if due and not workers:
        return warning(f"nobody is at work: {said}", "Start `lacre serve` or `lacre worker`.")
    return fine(said)


def retention(settings: Settings) -> Finding:
    """What is removed, and whether it is removed in time."""
    if _is_new(settings):
        return skipped("nothing yet")
    sweeps, empty = inspect_retention(settings)
    said = ", ".join(_kept(settings))
    behind = _behind(sweeps)
    if behind is None:
        return fine(f"{said}; not gone through yet: the worker does, a minute after its start")
    if behind > LATE:
        return warning(
            f"{said}; {behind / timedelta(days=1):.1f} days behind",
            "Is a worker running? Look in its log for purged, or job_failed with kind upkeep.purge.",
        )
    if empty > MOSTLY:
        return warning(
            f"{said}; {empty:.0%} of the SQLite file is empty pages, which it keeps for what comes",
            "To give them back to the disk, stop Lacre and run: sqlite3 lacre.db VACUUM",
        )
    return fine(f"{said}; up to date")


def client_certificates(settings: Settings) -> Finding:
    """Those that receivers of webhooks ask us for."""
    if _is_new(settings):
        return skipped("nothing yet")
    shown, now = inspect_client_certificates(settings), clock.now()
    if not shown:
        return skipped("no webhook shows one")
    ends = [(urlsplit(url).hostname, end_to_mind(pem, now=now)) for url, pem in shown]
    soon = sorted({f"{host} on {end:%Y-%m-%d}" for host, end in ends if end})
    if soon:
        return warning(
            f"the certificate that we show ends soon, or has ended: {', '.join(soon)}",
            "Give the webhook another: PATCH endpoints/{id} with client_certificate. See docs/integrate.",
        )
    return fine(f"{len(shown)}, none ends within {WARNED_BEFORE.days} days")


def _kept(settings: Settings) -> Iterator[str]:
    for name in type(settings).model_fields:
        if name.startswith("keep_"):
            days = getattr(settings, name)
            yield f"{name.split('_')[1]} {f'{days} days' if days else 'for ever'}"


def _behind(sweeps: Sequence[Sweep]) -> timedelta | None:
    """Since when every rule in force has come to its end; `None` when one never has."""
    ends = [one.complete_at for one in sweeps if one.keeps_days is not None]
    known = [end for end in ends if end is not None]
    return clock.now() - min(known) if known and len(known) == len(ends) else None


def _is_new(settings: Settings) -> bool:
    file = embedded_file(settings.database)
    return file is not None and not file.exists()


def _new_enough(server: str) -> Finding:
    kind, _, version = server.partition(" ")
    if kind == "PostgreSQL" and int(version.partition(".")[0].partition(" ")[0]) < OLDEST_POSTGRESQL:
        return warning(f"{server} is older than what is tested", f"Use {OLDEST_POSTGRESQL} or newer.")
    return fine(f"{server}, at this version")


def _kept_where(settings: Settings) -> Finding:
    if settings.secret_key.get_secret_value():
        return fine("secrets open with LACRE_SECRET_KEY")
    file = (settings.data_dir / KEY_FILE).absolute()
    if not settings.embedded:
        return warning(
            f"secrets open with {file}, which other nodes do not have",
            f"Set LACRE_SECRET_KEY to what {KEY_FILE} holds, the same on every node.",
        )
    return fine(f"secrets open with {file}: back it up, apart from the database")


_FILES_REMEDY = {
    True: "Check LACRE_FILES_URL and, in the environment, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,"
    " AWS_REGION and AWS_ENDPOINT_URL; the key must be allowed to get and put objects.",
    False: "Check LACRE_FILES_URL, the folder's permissions and its disk.",
}


def _first_line(trouble: object) -> str:
    return (str(trouble).strip() or type(trouble).__name__).splitlines()[0][:500]
