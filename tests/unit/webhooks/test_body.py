"""Bodies that are not held: files in them are read piece by piece, as often as needed."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lacre.kit.ids import Digest
from lacre.webhooks.body import HEAD, RAW, BodyParts, InBase64, JsonWithFiles, json_pieces
from lacre.webhooks.errors import SecretNotUsable
from lacre.webhooks.scheme import Scheme, Signed, signature_headers
from lacre.webhooks.unsigned import UNREADABLE, Unsigned
from tests.support.examples import PATIENT
from tests.support.memory_files import MemoryFiles
from tests.support.webhooks import NOON

SECRETS = tuple("whsec_" + base64.b64encode(letter * 32).decode() for letter in (b"n", b"o"))
SIZES = (0, 1, 2, 3, RAW - 1, RAW, RAW + 1, 2 * RAW, 3 * RAW + 2)
CHUNKED = sorted(set(Scheme) - UNREADABLE)


def body_of(*contents: bytes) -> tuple[BodyParts, MemoryFiles]:
    files = MemoryFiles()
    digests = [InBase64(digest=files.keep_bytes(content)) for content in contents]
    return BodyParts(pieces=json_pieces({"id": "evt_1", "files": digests})), files


@pytest.mark.parametrize("size", SIZES)
def test_a_file_stands_in_the_json_as_its_base64(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    body, files = body_of(content[:size], b"second")

    known, _ = body.read(files)

    said = json.loads(b"".join(known.chunks()))
    assert [base64.b64decode(one, validate=True) for one in said["files"]] == [content[:size], b"second"]


def test_reading_tells_its_length_its_digest_and_its_beginning() -> None:
    body, files = body_of(b"a" * 200_000)

    known, headers = body.read(files)

    whole = b"".join(known.chunks())
    assert (known.length, known.digest) == (len(whole), hashlib.sha256(whole).hexdigest())
    assert (known.head, len(known.head)) == (whole[:HEAD], HEAD)
    assert (body.known, known.known, headers) == (False, True, ())


def test_it_is_read_anew_each_time_and_no_chunk_is_large() -> None:
    body, files = body_of(b"a" * 1_000_000)
    known, _ = body.read(files)

    first, second = list(known.chunks()), list(known.chunks())

    assert first == second
    assert max(map(len, first)) <= RAW * 4 // 3
    assert files.reads > 3 * 1_000_000 // RAW


def test_nothing_is_read_before_it_is_asked_for() -> None:
    body, files = body_of(b"a")

    body.chunks()

    assert files.reads == 0


def test_a_file_that_is_gone_is_said() -> None:
    body = BodyParts(pieces=(InBase64(digest=Digest("0" * 64)),))

    with pytest.raises(LookupError):
        body.read(MemoryFiles())


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inside: some.lists(inside) | some.dictionaries(some.text(), inside),
)


@PATIENT
@given(JSON)
def test_without_files_it_is_the_json_that_it_always_was(said: JsonWithFiles) -> None:
    compact = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")

    assert json_pieces(said) == (compact,)


@pytest.mark.parametrize("schemes", [[one] for one in CHUNKED] + [CHUNKED, []])
@pytest.mark.parametrize("secrets", [SECRETS, SECRETS[:1]])
def test_in_chunks_it_is_signed_as_it_is_whole(schemes: list[Scheme], secrets: tuple[str, ...]) -> None:
    body, files = body_of(b"a" * 200_000)
    unsigned = Unsigned(schemes=schemes, message_id="evt_1", at=NOON, secrets=secrets)

    known, headers = BodyParts(pieces=body.pieces, signer=unsigned).read(files)

    whole = b"".join(known.chunks())
    signed = Signed(message_id="evt_1", at=NOON, body=whole, secrets=secrets)
    assert dict(headers) == dict(signature_headers(schemes, signed))


def test_a_secret_that_is_none_is_found_out() -> None:
    unsigned = Unsigned(schemes=[Scheme.STANDARD], message_id="evt_1", at=NOON, secrets=("short",))

    with pytest.raises(SecretNotUsable):
        unsigned.begin()


def test_what_is_signed_with_is_not_shown_by_accident() -> None:
    unsigned = Unsigned(schemes=[], message_id="evt_1", at=NOON, secrets=SECRETS)

    assert SECRETS[0] not in repr(unsigned)
