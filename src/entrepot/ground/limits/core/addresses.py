"""Which address a request comes from, where proxies stand in between."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def networks(text: str) -> tuple[Network, ...]:
    """Networks by comma or space. Raises `ValueError`.

    >>> networks("10.0.0.0/8, ::1")
    (IPv4Network('10.0.0.0/8'), IPv6Network('::1/128'))
    """
    return tuple(ip_network(part) for part in text.replace(",", " ").split())


def _read(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if text.startswith("["):  # [2001:db8::1]:443
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.1:443
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _trusted(address: IPv4Address | IPv6Address | None, proxies: Sequence[Network]) -> bool:
    return address is not None and any(address.version == network.version and address in network for network in proxies)


def is_among(address: str, proxies: Sequence[Network]) -> bool:
    """Whether the address is that of a trusted proxy, however it is written.

    >>> is_among("::ffff:10.0.0.2", networks("10.0.0.0/8")), is_among("", networks("10.0.0.0/8"))
    (True, False)
    """
    return _trusted(_read(address), proxies)


def client_of(peer: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """The address of the client: that of the peer, or where the peer is a trusted proxy, the nearest one before it that is not.

    Each proxy adds at the right whom it speaks with; what stands further left than the first that we do not trust is anybody's word.

    >>> inner = networks("10.0.0.0/8")
    >>> client_of("203.0.113.9", "192.0.2.1", inner), client_of("10.0.0.2", "198.51.100.7, 203.0.113.9, 10.0.0.1", inner)
    ('203.0.113.9', '203.0.113.9')
    >>> client_of("10.0.0.2", "203.0.113.9, nonsense", inner), client_of("", "", ())
    ('10.0.0.2', '')
    """
    here = _read(peer)
    for text in reversed(forwarded.split(",")) if forwarded else ():
        if not _trusted(here, proxies):
            break
        before = _read(text)
        if before is None:
            break
        here = before
    return str(here) if here else ""


def whole(address: str) -> str:
    """The address as it is counted: of IPv6 the network of 64 bits, since one subscriber has all of it.

    >>> whole("2001:db8:1:2:3::4"), whole("192.0.2.1"), whole("")
    ('2001:db8:1:2::/64', '192.0.2.1', '')
    """
    found = _read(address)
    return str(IPv6Network((int(found), 64), strict=False)) if isinstance(found, IPv6Address) else address


def site(counted: str) -> str:
    """The network from which turns are shared out: of IPv6 that of 48 bits. One subscriber may have as much, 65,536 networks of 64 bits.

    >>> site("2001:db8:1:2::/64"), site("192.0.2.1"), site("")
    ('2001:db8:1::/48', '192.0.2.1', '')
    """
    return str(ip_network(counted).supernet(new_prefix=48)) if counted.endswith("/64") else counted
