"""A Sefin of our own: the national system's contract on this machine, for tests, demos and sandboxes.

A real server over mutual TLS that judges, numbers, signs and remembers. What it issues is worth nothing.
"""

from lacre.engines.sefin.authority import SandboxAuthority
from lacre.engines.sefin.faults import Fault, Faults
from lacre.engines.sefin.ledger import Ledger
from lacre.engines.sefin.server import LocalSefin

__all__ = ["Fault", "Faults", "Ledger", "LocalSefin", "SandboxAuthority"]
