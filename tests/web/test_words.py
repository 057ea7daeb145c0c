"""Every sentence of the pages has its Portuguese and Spanish words, with the same blanks to fill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import lacre.web
from lacre.engines.pades import trust
from lacre.signing import errors
from lacre.web import streaming
from lacre.web.form import questions
from lacre.web.form import routes as filling
from lacre.web.layout.translations import FOLDER
from lacre.web.signer import attaching, forms, routes
from lacre.web.verify import routes as verifying
from tests.web.console.sentences import said_in_console, said_of_notes

WEB = Path(lacre.web.__file__).parent
BLANK = re.compile(r"%\(\w+\)s|\{\w+\}")
SAID_IN_FORMS = (
    forms.WRONG_EMAIL,
    forms.WRONG_TAX_ID,
    forms.WRONG_PICTURE,
    forms.NAME_MISSING,
    forms.EMAIL_MISSING,
    forms.PHONE_MISSING,
    forms.WRONG_PHONE,
    forms.WRONG_BIRTH_DATE,
    attaching.WRONG_FILE,
)
SAID_OF_CERTIFICATES = (
    trust.OWN_AUTHORITY,
    trust.OWN_BUT_ENDED,
    trust.KNOWN_ROOT,
    trust.UNKNOWN_ROOT,
    trust.NOT_VALID,
)
REFUSALS = (
    errors.AlreadyRefused,
    errors.NotNeeded,
    errors.AnswerDiffers,
    errors.AttachmentMissing,
    errors.AlreadySigned,
    errors.CertificateExpired,
    errors.CertificateMissing,
    errors.CertificateNameless,
    errors.CertificateNotTrusted,
    errors.CertificateNotYetValid,
    errors.CertificateOfAnother,
    errors.CertificatePasswordWrong,
    errors.CertificateRevoked,
    errors.CertificateUnfit,
    errors.CertificateUnreadable,
    errors.CodeLocked,
    errors.CodeTooSoon,
    errors.TaxIdWrong,
    errors.TooManyCodes,
    errors.TryAgain,
    errors.CodeWrong,
    errors.EnvelopeClosed,
    errors.FormNotFilled,
    errors.IdentificationMissing,
    errors.MarkMissing,
    errors.NotTheirTurn,
    errors.ReasonMissing,
    errors.RefusalNotAllowed,
    errors.TermsNotAccepted,
    errors.ValueInvalid,
    errors.ValueMissing,
)
SAID_IN_CODE = (
    streaming.SIGNED,
    streaming.RECORD,
    routes.CHANGED,
    routes.NOT_SIGNED,
    routes.WRONG_PHOTO,
    verifying.FILE_MISSING,
    verifying.TOO_LARGE,
    *SAID_IN_FORMS,
    filling.NOT_MADE,
    questions.MISSING,
    questions.NAME_MISSING,
    questions.TOO_LONG,
    questions.WRONG_EMAIL,
    questions.WRONG_PHONE,
    *questions.WRONG.values(),
    *SAID_OF_CERTIFICATES,
    *(refusal().template for refusal in REFUSALS),
)


@pytest.fixture(params=["pt_BR", "es"])
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with (FOLDER / f"{request.param}.po").open("rb") as source:
        return read_po(source, locale=request.param)


def test_every_sentence_is_translated(catalogue: Catalog) -> None:
    missing = [said for said in sentences(catalogue) if not all(translations(catalogue, said))]

    assert missing == []


def test_translations_fill_the_same_blanks(catalogue: Catalog) -> None:
    for said in sentences(catalogue):
        blanks = sorted(BLANK.findall(last(said)))
        if (said, blanks) == (errors.EnvelopeClosed().template, ["{0}"]):
            continue
        assert sorted(BLANK.findall(translations(catalogue, said)[-1])) == blanks, said


def test_no_translation_is_left_over(catalogue: Catalog) -> None:
    known = {first(said) for said in sentences(catalogue)}

    left = [first(message.id) for message in catalogue if message.id and first(message.id) not in known]

    assert left == []


Said = str | tuple[str, ...]


def sentences(catalogue: Catalog) -> list[Said]:
    found = extract_from_dir(
        WEB, [("**/templates/**.html", "jinja2")], {"**/templates/**.html": {"silent": "false"}}
    )
    in_templates = dict.fromkeys(message for _, _, message, _, _ in found)
    of_notes = said_of_notes() if str(catalogue.locale) == "es" else []
    return [*in_templates, *SAID_IN_CODE, *said_in_console(), *of_notes]


def translations(catalogue: Catalog, said: Said) -> tuple[str, ...]:
    message = catalogue.get(first(said))
    found = message.string if message is not None else ""
    return tuple(map(str, found)) if isinstance(found, (tuple, list)) else (str(found or ""),)


def first(said: Said | list[str]) -> str:
    return said if isinstance(said, str) else said[0]


def last(said: Said) -> str:
    return said if isinstance(said, str) else said[-1]
