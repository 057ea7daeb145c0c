"""PDFs that somebody else signed before they reach us; the signer's certificate is made on the spot."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field


def signed_elsewhere(
    pdf: bytes,
    *,
    field: str = "Alheia",
    permission: MDPPerm | None = None,
    lock: FieldMDPSpec | None = None,
) -> bytes:
    """`permission` makes it a certification that allows so much; `lock` locks fields."""
    out = io.BytesIO()
    metadata = PdfSignatureMetadata(
        field_name=field, certify=permission is not None, docmdp_permissions=permission or MDPPerm.FILL_FORMS
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec(field, field_mdp_spec=lock))
    sign_pdf(writer, metadata, signer=_stranger(), output=out)
    return out.getvalue()


@cache
def _stranger() -> SimpleSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Outra plataforma")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=25_000))
        .sign(key, hashes.SHA256())
    )
    signer = SimpleSigner.load_pkcs12_data(_bundle(key, certificate), other_certs=[], passphrase=b"x")
    assert isinstance(signer, SimpleSigner)
    return signer


def _bundle(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    return serialization.pkcs12.serialize_key_and_certificates(
        b"stranger", key, certificate, None, serialization.BestAvailableEncryption(b"x")
    )
