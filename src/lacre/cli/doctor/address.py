"""Checks of where others find us, whom we may reach, and whose word we take for who calls."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

from lacre.cli.doctor.finding import Finding, fine, warning
from lacre.settings import Settings

METADATA = ip_address("169.254.169.254")
"""Where clouds give a machine's credentials to whoever asks from it."""


def public_url(settings: Settings) -> Finding:
    url = settings.public_url
    if not url:
        return warning(
            "not set: links begin with the address that `lacre serve` listens on",
            "Set LACRE_PUBLIC_URL to what people and systems outside reach, such as https://assina.example.com.",
        )
    parts = urlsplit(url)
    return _reachable(url, parts.scheme, parts.hostname or "")


def egress(settings: Settings) -> Finding:
    networks = settings.egress_networks
    wide = [str(one) for one in networks if _is_wide(one)]
    if wide:
        return warning(
            f"webhooks and fetches may reach {', '.join(wide)}",
            "Name only the networks where your receivers are:"
            " whoever sets a webhook's URL reaches all of these.",
        )
    if not networks:
        return fine("none: webhooks and fetches reach public addresses only")
    return fine(f"webhooks and fetches reach public addresses and {', '.join(map(str, networks))}")


def proxies(settings: Settings) -> Finding:
    networks = settings.proxy_networks
    if any(one.prefixlen == 0 for one in networks):
        return warning(
            "X-Forwarded-For is believed whoever sends it",
            "Name only your proxies in LACRE_TRUSTED_PROXIES: the address of a signer is evidence.",
        )
    if not networks and settings.public_url.startswith("https://"):
        return warning(
            "none, although LACRE_PUBLIC_URL is https: every signer seems to come from the proxy",
            "Set LACRE_TRUSTED_PROXIES to the address that your proxy calls from, such as 127.0.0.1/32.",
        )
    return fine(", ".join(map(str, networks)) or "none: callers are who they seem")


def _reachable(url: str, scheme: str, host: str) -> Finding:
    if _is_loopback(host):
        return warning(f"{url} is this machine alone", "Nobody else can open links that begin with it.")
    if scheme == "http":
        return warning(f"{url} is not encrypted", "Put a proxy with TLS in front, and write https://.")
    return fine(url)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _is_wide(network: IPv4Network | IPv6Network) -> bool:
    return network.prefixlen == 0 or METADATA in network
