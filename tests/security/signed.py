"""A PDF signed under an authority of ours, with a certificate that says where to ask about itself."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf

from tests.support.pdfs import contract_pdf
from tests.support.pki import P12_PASSWORD, TestAuthority


def signed_under(authority: TestAuthority) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = authority.p12(Path(folder))
        signer = SimpleSigner.load_pkcs12(str(file), passphrase=P12_PASSWORD.encode())  # type: ignore[no-untyped-call]
    assert isinstance(signer, SimpleSigner)
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(contract_pdf(1)))
    sign_pdf(writer, PdfSignatureMetadata(field_name="Alheia"), signer=signer, output=out)
    return out.getvalue()
