"""The fence's rule: what must never be reached, what must be, and what an operator may open."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from lacre.engines.http.address import is_allowed, is_listed

MUST_BLOCK = [
    # loopback and "this host"
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0.1.2.3", "::1", "::",  # noqa: S104 - an address to block
    # private, carrier and link-local
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.255",
    "100.64.0.1", "100.127.255.254", "169.254.0.1", "169.254.255.254",
    # metadata services
    "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16",
    "fd00:ec2::254", "fd20:ce::254", "fe80::a9fe:a9fe",
    # protocol blocks, documentation, benchmarks, multicast, reserved
    "192.0.0.1", "192.0.0.170", "192.0.2.1", "198.51.100.7", "203.0.113.9", "192.88.99.1", "198.18.0.1",
    "198.19.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    # IPv4 in IPv6: mapped, compatible, SIIT, ISATAP, NAT64, 6to4, Teredo
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:100.100.100.200",
    "::ffff:0.0.0.0",
    "::ffff:192.168.1.1", "::127.0.0.1", "::10.0.0.1", "::ffff:0:127.0.0.1", "::ffff:0:10.0.0.1",
    "fe80::5efe:10.0.0.1", "2001:0:0:1::5efe:7f00:1",
    "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::8.8.8.8",
    "64:ff9b:1::10.0.0.1", "64:ff9b:1:ffff::1", "2002:7f00:1::1", "2002:a9fe:a9fe::1", "2002:c0a8:101::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001::1",
    # IPv6 blocks
    "fc00::1", "fd12:3456:789a::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "3fff::1",
    "3fff:fff::1", "5f00::1", "100::1", "100:0:0:1::1", "2001:2::1", "2001:10::1", "2001:20::1", "4000::1",
]  # fmt: skip
MUST_ALLOW = [
    "8.8.8.8", "1.1.1.1", "9.9.9.9", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1",
    "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "126.255.255.255", "128.0.0.1",
    "169.253.255.255", "200.160.2.3", "2606:4700:4700::1111", "2001:4860:4860::8888",
    "2a00:1450:4001:80b::200e",
    "2804:14c::1", "2620:fe::fe", "::ffff:8.8.8.8",
]  # fmt: skip
METADATA = [
    "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254",
    "fe80::1",
    "::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1", "fe80::5efe:169.254.169.254",
    "fd12::5efe:169.254.169.254", "::169.254.169.254",
]  # fmt: skip
EVERYTHING = (ip_network("0.0.0.0/0"), ip_network("::/0"))


def test_the_lists_are_as_long_as_they_should_be() -> None:
    assert len(set(MUST_BLOCK)) >= 72
    assert len(set(MUST_ALLOW)) >= 20


@pytest.mark.parametrize("text", MUST_BLOCK)
def test_what_is_not_the_internet_is_blocked(text: str) -> None:
    assert not is_allowed(ip_address(text))


@pytest.mark.parametrize("text", MUST_ALLOW)
def test_the_internet_is_open(text: str) -> None:
    assert is_allowed(ip_address(text))


@pytest.mark.parametrize("text", METADATA)
def test_metadata_services_stay_blocked_whatever_is_opened(text: str) -> None:
    assert not is_allowed(ip_address(text), EVERYTHING)


@pytest.mark.parametrize("text", ["10.1.2.3", "::ffff:10.1.2.3"])
def test_an_operator_opens_a_private_network(text: str) -> None:
    allow = (ip_network("10.1.0.0/16"),)

    assert is_allowed(ip_address(text), allow)
    assert not is_allowed(ip_address("10.2.0.1"), allow)


def test_a_translator_is_opened_to_the_internet_alone() -> None:
    allow = (ip_network("64:ff9b::/96"), ip_network("10.1.0.0/16"))

    assert is_allowed(ip_address("64:ff9b::8.8.8.8"), allow)
    assert is_allowed(ip_address("64:ff9b::10.1.0.1"), allow)
    assert not is_allowed(ip_address("64:ff9b::10.2.0.1"), allow)
    assert not is_allowed(ip_address("64:ff9b::127.0.0.1"), allow)
    assert not is_listed(ip_address("64:ff9b::8.8.8.8"), allow)


def test_public_addresses_that_look_like_a_disguise_are_open() -> None:
    assert is_allowed(ip_address("2a01:a9fe:a9fe::1"))
    assert is_allowed(ip_address("2a01::a9fe:a9fe"))
