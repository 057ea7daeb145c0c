"""What `lacre replay` tells again, narrowed to what somebody asks about."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lacre.bootstrap import open_installation
from lacre.cli import main
from lacre.kit.ids import new_uuid, with_prefix
from tests.support.kept import NOW, an_account, an_endpoint, an_event
from tests.support.settings import settings_in

INVOICE, EXTRACTION = new_uuid(), new_uuid()
THINGS = {INVOICE: "fiscal.invoice_issued", EXTRACTION: "processing.document_processed"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts listen; to the first an invoice happened and a document was read."""
    settings = settings_in(tmp_path_factory.mktemp("here"))
    with closing(open_installation(settings)) as opened, opened.services.open_work() as work:
        mine, theirs = (an_account(work, name) for name in ("Ana Ltda", "Davi ME"))  # type: ignore[arg-type]
        for subject_id, kind in THINGS.items():
            work.announce(an_event(mine, subject_id=subject_id, kind=kind))
        for account_id in (mine, theirs):
            work.endpoints.add(an_endpoint(account_id))
    return settings.data_dir


@pytest.mark.parametrize("narrowed", [("invoice", "inv", INVOICE), ("extraction", "ext", EXTRACTION)])
def test_one_invoice_or_document_is_told_again_alone(data: Path, narrowed: tuple[str, str, str]) -> None:
    option, prefix, subject_id = narrowed

    done = replay(data, f"--{option}", with_prefix(prefix, subject_id))

    assert done.output == "Would be made: 1 deliveries, of 1 events.\n"


def test_what_nobody_knows_is_said_not_to_be_there(data: Path) -> None:
    done = replay(data, "--envelope", with_prefix("env", new_uuid()))

    assert done.exit_code == 1
    assert "Of that nothing is known that anybody listens to." in done.output


def test_no_event_is_of_two_things(data: Path) -> None:
    both = ("--invoice", with_prefix("inv", INVOICE), "--extraction", with_prefix("ext", EXTRACTION))

    done = replay(data, *both)

    assert done.exit_code == 2
    assert "no event is about two" in done.output


def replay(data: Path, *options: str) -> Result:
    command = ["replay", "--since", NOW.isoformat(), "--dry-run", *options]
    return CliRunner().invoke(main, command, env={"LACRE_DATA_DIR": str(data)})
