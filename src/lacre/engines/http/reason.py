"""libcurl's error numbers in our words."""

from __future__ import annotations

import pycurl

from lacre.webhooks.request import Reason

# numbers that pycurl has no names for
_SSL_CLIENTCERT, _TOO_LARGE = 98, 100
_ENDLESS_HEADERS = "Too large response headers"  # libcurl has no number of its own for these

_REASONS: dict[int, Reason] = {
    pycurl.E_URL_MALFORMAT: "url_invalid",
    pycurl.E_COULDNT_RESOLVE_HOST: "dns_failed",
    pycurl.E_COULDNT_CONNECT: "connect_failed",
    pycurl.E_OPERATION_TIMEDOUT: "deadline",
    pycurl.E_FILESIZE_EXCEEDED: "too_large",
    pycurl.E_WRITE_ERROR: "too_large",  # our own callbacks stop a transfer only past a cap
    _TOO_LARGE: "too_large",
    pycurl.E_SEND_ERROR: "reset",
    pycurl.E_RECV_ERROR: "reset",
    pycurl.E_GOT_NOTHING: "reset",
    pycurl.E_PARTIAL_FILE: "reset",
    pycurl.E_SSL_CONNECT_ERROR: "tls_failed",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls_failed",
    pycurl.E_SSL_CERTPROBLEM: "tls_failed",
    pycurl.E_SSL_CIPHER: "tls_failed",
    pycurl.E_SSL_CACERT_BADFILE: "tls_failed",
    pycurl.E_SSL_ISSUER_ERROR: "tls_failed",
    _SSL_CLIENTCERT: "tls_failed",
    pycurl.E_SSL_INVALIDCERTSTATUS: "tls_failed",
}


def reason_of(code: int, detail: str) -> Reason:
    """Numbers that we do not list mean that the peer speaks something other than HTTP."""
    if detail.startswith(_ENDLESS_HEADERS):
        return "too_large"
    return _REASONS.get(code, "protocol_error")
