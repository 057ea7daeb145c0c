"""What ICP-Brasil's certificates hold beside what all others do."""

from __future__ import annotations

from asn1crypto import core, pkcs12
from cryptography import x509

LARGEST = 200_000
"""Of a PKCS #12 file; those with a whole chain have some ten thousand bytes."""
PERSON, COMPANY = "2.16.76.1.3.1", "2.16.76.1.3.3"
"""ICP-Brasil's otherNames (DOC-ICP-04): birth date, CPF, NIS and RG of a person; CNPJ of a company."""
CPF = slice(8, 19)
"""Where it stands in a person's."""


def is_p12(content: bytes) -> bool:
    try:
        return bool(pkcs12.Pfx.load(content)["version"].native == "v3")
    except (ValueError, TypeError, KeyError):
        return False


def other_names(leaf: x509.Certificate) -> dict[str, str]:
    """By OID; what cannot be read is left out."""
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return {}
    return {
        name.type_id.dotted_string: _text(name.value) for name in names if isinstance(name, x509.OtherName)
    }


def _text(value: bytes) -> str:
    """Authorities write octets, printable or UTF-8 strings."""
    try:
        native = core.load(value).native
    except ValueError:
        return ""
    return native.decode("latin-1") if isinstance(native, bytes) else str(native)
