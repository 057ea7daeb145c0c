"""XML signatures as libxmlsec judges them: another implementation than the one that made them."""

from __future__ import annotations

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lacre.engines.nfse.schema import parse

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"


def holds_for_libxmlsec(xml: bytes) -> bool:
    """By the certificate inside, of the signature in the root."""
    root = parse(xml)
    xmlsec.tree.add_ids(root, ["Id"])
    signature = root.find(f"{DSIG}Signature")
    told = signature.findtext(f"{DSIG}KeyInfo/{DSIG}X509Data/{DSIG}X509Certificate")
    pem = f"-----BEGIN CERTIFICATE-----\n{told.strip()}\n-----END CERTIFICATE-----\n".encode()
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(
        x509.load_pem_x509_certificate(pem).public_bytes(Encoding.PEM), xmlsec.constants.KeyDataFormatCertPem
    )
    try:
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True
