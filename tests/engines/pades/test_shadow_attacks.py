"""Attacks known from pdf-insecurity.org and the EU DSS test files, rebuilt: none may be called valid."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf

from lacre.engines.pades import PyhankoSealer, PyhankoVerifier
from tests.support import pdfs, sealing
from tests.support.earlier_signatures import signed_elsewhere
from tests.support.pki import P12_PASSWORD, TestAuthority
from tests.support.tampering import tampered


def test_a_prefilled_field_replaced_after_signing(tmp_path: Path, verifier: PyhankoVerifier) -> None:
    """EU DSS 2236 "replace": by the letter of the standard this is form filling."""
    signed = pdfs.written(tmp_path, signed_elsewhere(pdfs.form_pdf()))
    assert verifier.verify(signed).all_valid

    def replace(writer: IncrementalPdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0]
        field["/V"] = generic.TextStringObject("Outra pessoa")
        writer.update_container(field)

    signed.write_bytes(tampered(signed, replace))

    assert not verifier.verify(signed).all_valid


def test_a_prefilled_field_replaced_and_signed_over_by_a_stranger(
    tmp_path: Path, verifier: PyhankoVerifier
) -> None:
    signed = pdfs.written(tmp_path, signed_elsewhere(pdfs.form_pdf()))

    def replace(writer: IncrementalPdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0]
        field["/V"] = generic.TextStringObject("Outra pessoa")
        writer.update_container(field)

    signed.write_bytes(signed_elsewhere(tampered(signed, replace), field="Segunda"))

    judged = verifier.verify(signed)
    assert [found.valid for found in judged.signatures] == [False, True]


def test_an_object_that_was_awaited_and_comes_after_signing(
    tmp_path: Path, verifier: PyhankoVerifier
) -> None:
    """The page shows an object that does not exist yet; it comes later, and no old object is touched."""
    with pikepdf.open(io.BytesIO(pdfs.contract_pdf(1))) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    dangling = re.sub(rb"/Resources << ", b"/Resources <</XObject<</X 77 0 R>>", buffer.getvalue(), count=1)
    signed = pdfs.written(tmp_path, signed_elsewhere(_repaired(dangling)))
    assert verifier.verify(signed).all_valid
    content = signed.read_bytes()
    at = len(content)
    start = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    root = re.findall(rb"/Root (\d+ \d+ R)", content)[-1]
    hidden = b"77 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream\nendobj\n"
    table = b"xref\n77 1\n%010d 00000 n\r\ntrailer\n<</Size 78/Root %s/Prev %d>>\n" % (at, root, start)
    signed.write_bytes(content + hidden + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(hidden)))

    assert not verifier.verify(signed).all_valid


@pytest.mark.parametrize("edge", ["wider", "shifted"])
def test_a_byte_range_that_leaves_out_more_than_the_signature(
    edge: str, sealer: PyhankoSealer, verifier: PyhankoVerifier, tmp_path: Path, out: Path
) -> None:
    sealer.prepare(pdfs.written(tmp_path, pdfs.contract_pdf()), out, sealing.structure(record=False))
    content = out.read_bytes()
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", content)
    assert found
    before, after, rest = map(int, found.groups())
    moved = (before - 8, after, rest) if edge == "wider" else (before - 8, after - 8, rest + 8)
    claimed = b"/ByteRange [0 %d %d %d]" % moved
    out.write_bytes(content.replace(found[0], claimed.ljust(len(found[0]))))

    assert not verifier.verify(out).all_valid


def test_a_signature_over_a_sha_1_digest(tmp_path: Path, verifier: PyhankoVerifier) -> None:
    p12 = TestAuthority().p12(tmp_path)
    signer = SimpleSigner.load_pkcs12(p12, passphrase=P12_PASSWORD.encode())  # type: ignore[no-untyped-call]
    assert isinstance(signer, SimpleSigner)
    signed = tmp_path / "sha1.pdf"
    with signed.open("w+b") as out:
        metadata = PdfSignatureMetadata(field_name="Velha", md_algorithm="sha1")
        source = IncrementalPdfFileWriter(io.BytesIO(pdfs.contract_pdf()))
        sign_pdf(source, metadata, signer=signer, output=out)

    (found,) = verifier.verify(signed).signatures

    assert not found.valid


def test_a_file_whose_contents_stand_twice(
    sealer: PyhankoSealer, verifier: PyhankoVerifier, tmp_path: Path, out: Path
) -> None:
    """Signature wrapping: a second body behind the first, with the first one's signature."""
    sealer.prepare(pdfs.written(tmp_path, pdfs.contract_pdf()), out, sealing.structure(record=False))
    content = out.read_bytes()

    out.write_bytes(content + content)

    assert not verifier.verify(out).all_valid


def _repaired(content: bytes) -> bytes:
    """Its offsets made true again, and the dangling reference kept."""
    starts = {int(found[1]): found.start() for found in re.finditer(rb"(\d+) 0 obj", content)}
    body = content[: content.index(b"xref\n")]
    count = max(starts) + 1
    rows = [b"0000000000 65535 f\r\n"] + [b"%010d 00000 n\r\n" % starts[number] for number in range(1, count)]
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + b"xref\n0 %d\n" % count + b"".join(rows) + trailer
