"""Which addresses may be spoken to: the public ones and those the operator names, metadata services never."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

ANYWHERE: tuple[Network, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
"""But for the metadata services."""

# Written out rather than asked of `ipaddress`: its `is_global` differs between Python versions and lets
# translated and mapped forms of private addresses through. Source: IANA special-purpose address registries.
_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# of IPv6 only 2000::/3 is in use at all; these parts of it are not the internet, or hide an IPv4 address
_OPEN_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_CLOSED_V6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))

# Credentials of the machine itself are handed out here; no allow list opens these.
_NEVER = tuple(
    ip_network(text)
    for text in (
        "169.254.0.0/16",  # link-local: AWS, Google, Azure, Oracle, DigitalOcean and container credentials
        "100.100.100.200/32",  # Alibaba
        "168.63.129.16/32",  # Azure's wire server, on a public address
        "192.0.0.192/32",  # Oracle, older
        "fe80::/10",
        "fd00:ec2::/32",  # AWS
        "fd20:ce::/32",  # Google
        "fd00:c1::/32",  # Oracle
        "fd00:42::/32",  # Scaleway
    )
)


def is_allowed(address: Address, allow: Iterable[Network] = ()) -> bool:
    """`allow` opens private networks, never metadata services."""
    plain = _unmapped(address)
    if _is_never(plain):
        return False
    inner = _translated(plain)
    if inner is not None and not _is_named(plain, allow):
        return False
    # to open a translator is not to open what it leads to
    meant = inner or plain
    return _is_public(meant) or _is_named(meant, allow)


def is_listed(address: Address, allow: Iterable[Network]) -> bool:
    """Whether the operator named it."""
    plain = _unmapped(address)
    return _is_named(_translated(plain) or plain, allow)


def _is_named(address: Address, allow: Iterable[Network]) -> bool:
    return any(address in network for network in allow)


def _translated(address: Address) -> IPv4Address | None:
    """Where NAT64 leads."""
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _unmapped(address: Address) -> Address:
    """`::ffff:10.0.0.1` is 10.0.0.1 to the kernel, so it is to us."""
    return (address.version == 6 and address.ipv4_mapped) or address


def _is_public(address: Address) -> bool:
    if address.version == 4:
        return not any(address in network for network in _CLOSED_V4)
    return address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)


def _is_never(address: Address) -> bool:
    return any(form in network for form in _disguises(address) for network in _NEVER)


def _disguises(address: Address) -> list[Address]:
    """The address, and every IPv4 address that translators and tunnels would read in it."""
    if address.version == 4 or _is_public(address):
        return [address]
    number = int(address)
    # the last 32 bits: IPv4-compatible, SIIT, NAT64, ISATAP; inverted: Teredo; after 16 bits: 6to4
    inner = [number & 0xFFFFFFFF, ~number & 0xFFFFFFFF, (number >> 80) & 0xFFFFFFFF]
    return [address, *(IPv4Address(each) for each in inner)]
