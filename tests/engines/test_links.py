"""A link is let in only as it was given out, and only until its end."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from lacre.documents.links import FILE_LINK_LIFE, FileLink, Variant
from lacre.engines.links import SignedLinks
from lacre.kit.ids import DocumentId, EnvelopeId, SignerId

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DOCUMENT = DocumentId("0d3f5a3e-0000-4000-8000-000000000001")
SIGNER = SignerId("0d3f5a3e-0000-4000-8000-000000000002")


class NumberedKeys:
    """Keys 1 to `current`, another for each purpose."""

    def __init__(self, current: int = 1, salt: str = "") -> None:
        self.current = current
        self._salt = salt

    def derive(self, purpose: str, number: int) -> bytes:
        if not 1 <= number <= self.current:
            raise KeyError(number)
        return f"{self._salt}{purpose}{number}".encode()


def query_of(url: str) -> str:
    return urlsplit(url).query


@pytest.fixture
def links() -> SignedLinks:
    return SignedLinks("https://lacre.example/", NumberedKeys())


def test_a_signer_s_token_has_the_shape_of_a_random_uuid(links: SignedLinks) -> None:
    token = links.signer_token(SIGNER, 0)

    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", token)
    assert token == links.signer_token(SIGNER, 0)


def test_a_signer_s_token_is_another_for_each_signer_generation_and_installation(links: SignedLinks) -> None:
    elsewhere = SignedLinks("https://lacre.example", NumberedKeys(salt="other"))

    tokens = [
        links.signer_token(SIGNER, 0),
        links.signer_token(SIGNER, 1),
        links.signer_token(SignerId(DOCUMENT), 0),
        elsewhere.signer_token(SIGNER, 0),
    ]

    assert len(set(tokens)) == 4


def test_a_signer_s_token_outlives_a_new_key() -> None:
    before, after = (SignedLinks("https://lacre.example", NumberedKeys(count)) for count in (1, 2))

    assert before.signer_token(SIGNER, 0) == after.signer_token(SIGNER, 0)


def test_urls_begin_where_the_public_finds_us(links: SignedLinks) -> None:
    assert links.signing_url("token") == "https://lacre.example/verificar/token"
    assert links.verify_url(EnvelopeId("e")) == "https://lacre.example/verify/e"
    assert links.file_url(DOCUMENT, Variant.SEALED, now=NOW).startswith(
        f"https://lacre.example/files/{DOCUMENT}?"
    )


@pytest.mark.parametrize("variant", Variant)
@pytest.mark.parametrize("after", [timedelta(0), FILE_LINK_LIFE - SECOND])
def test_a_file_link_works_for_an_hour(links: SignedLinks, variant: Variant, after: timedelta) -> None:
    query = query_of(links.file_url(DOCUMENT, variant, now=NOW))

    assert links.open_file(DOCUMENT, query, now=NOW + after) == FileLink(
        document_id=DOCUMENT, variant=variant
    )


@pytest.mark.parametrize("after", [FILE_LINK_LIFE, FILE_LINK_LIFE + SECOND])
def test_a_file_link_ends(links: SignedLinks, after: timedelta) -> None:
    query = query_of(links.file_url(DOCUMENT, Variant.SEALED, now=NOW))

    assert links.open_file(DOCUMENT, query, now=NOW + after) is None


def test_a_file_link_lives_as_long_as_it_is_told_to_and_faster_in_a_sandbox() -> None:
    sandbox = SignedLinks("https://lacre.example", NumberedKeys(), time_scale=60)
    query = query_of(sandbox.file_url(DOCUMENT, Variant.SEALED, now=NOW, life=timedelta(minutes=5)))

    assert sandbox.open_file(DOCUMENT, query, now=NOW + 4.9 * SECOND) is not None
    assert sandbox.open_file(DOCUMENT, query, now=NOW + 5 * SECOND) is None


def test_a_link_altered_at_any_place_is_refused(links: SignedLinks) -> None:
    query = query_of(links.file_url(DOCUMENT, Variant.SEALED, now=NOW))

    for place, sign in enumerate(query):
        other = "1" if sign != "1" else "2"
        assert links.open_file(DOCUMENT, f"{query[:place]}{other}{query[place + 1 :]}", now=NOW) is None


def test_a_link_does_not_open_another_document_or_variant(links: SignedLinks) -> None:
    query = query_of(links.file_url(DOCUMENT, Variant.SEALED, now=NOW))

    assert links.open_file(SIGNER, query, now=NOW) is None
    assert links.open_file(DOCUMENT, query.replace("sealed", "original"), now=NOW) is None


@pytest.mark.parametrize(
    "query",
    [
        "",
        "variant=sealed",
        "variant=sealed&expires=9999999999999&key=1&signature=",
        "variant=sealed&expires=9999999999999&key=9&signature=x",
        "variant=sealed&expires=-1&key=1&signature=x",
        "variant=sealed&expires=" + "9" * 5000 + "&key=1&signature=x",
        "variant=sealed&variant=sealed&expires=1&key=1&signature=x",
        "variant=sealed&expires=1&key=1&signature=%ff%00",
        "variant=other&expires=9999999999999&key=1&signature=x",
    ],
)
def test_nonsense_is_refused(links: SignedLinks, query: str) -> None:
    assert links.open_file(DOCUMENT, query, now=NOW) is None


def test_a_link_signed_with_an_older_key_still_works() -> None:
    before, after = (SignedLinks("https://lacre.example", NumberedKeys(count)) for count in (1, 2))
    old, new = (query_of(one.file_url(DOCUMENT, Variant.SEALED, now=NOW)) for one in (before, after))

    assert after.open_file(DOCUMENT, old, now=NOW) is not None
    assert after.open_file(DOCUMENT, new, now=NOW) is not None
    assert before.open_file(DOCUMENT, new, now=NOW) is None
