"""Why webhooks say no; the docstring is the message, `{0}` what it is about."""

from __future__ import annotations

from lacre.kit.refusal import Refusal


class UrlNotAllowed(Refusal):
    """This URL cannot receive webhooks: {0}."""


class PlaceUnknown(UrlNotAllowed):
    """There is no :{0} to fill into this URL; there are {1}."""

    code = "url_not_allowed"


class HeaderNotAllowed(Refusal):
    """The header "{0}" cannot be sent: {1}."""


class SecretNotUsable(Refusal):
    """A signing secret is Base64 of 24 to 64 bytes, after `whsec_`; this one has {0}."""


class AuthorizationNotUsable(Refusal):
    """This authorization cannot be used: {0}."""


class CertificateNotUsable(Refusal):
    """This certificate cannot be used: {0}."""


class RetryNotUsable(Refusal):
    """These retries cannot be promised: {0}."""


class EndpointNotActive(Refusal):
    """Nothing is sent to this webhook while it is paused: resume it first."""


class EndpointDeleted(Refusal):
    """This endpoint was deleted."""


class RateNotUsable(Refusal):
    """This rate cannot be kept: it must be {0}."""


class ContentNotPossible(Refusal):
    """This cannot be told by this webhook: {0}."""


class BehindAnother(Refusal):
    """This delivery waits for the one before it, which the order of its endpoint does not let it overtake."""


class TooMuchWaits(Refusal):
    """The order of an endpoint cannot be changed while more than {0} deliveries wait for it."""
