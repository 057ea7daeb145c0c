"""Every check by its name, in the order in which one would mend things."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.cli.doctor import address, data, invoices, machine, model, outside, seal, words
from lacre.cli.doctor.finding import Check, Finding, Level, problem, skipped
from lacre.settings import Settings

CHECKS: Mapping[str, Check] = {
    "settings": words.settings_known,
    "data folder": machine.data_folder,
    "disk space": machine.disk_space,
    "clock": machine.clock_synchronised,
    "front end": machine.front_end,
    "fonts": machine.fonts,
    "sandbox": machine.sandbox_child,
    "libreoffice": machine.office,
    "reader": machine.reader,
    "database": data.database,
    "shared clock": data.shared_clock,
    "keys": data.keys,
    "files": data.files,
    "seal certificate": seal.certificate,
    "trusted roots": seal.trusted_roots,
    "timestamp server": outside.timestamp_server,
    "mail": outside.mail,
    "returned mail": outside.returned_mail,
    "sms": outside.sms,
    "whatsapp": outside.whatsapp,
    "language model": model.language_model,
    "service invoices": invoices.tax_office,
    "public address": address.public_url,
    "allowed networks": address.egress,
    "egress proxy": outside.egress_proxy,
    "trusted proxies": address.proxies,
    "time scale": words.time_scale,
    "client certificates": data.client_certificates,
    "work": data.work,
    "retention": data.retention,
}
NEEDS: Mapping[str, tuple[str, ...]] = {
    "shared clock": ("database",),
    "keys": ("database",),
    "files": ("data folder",),
    "client certificates": ("database", "keys"),
    "work": ("database",),
    "retention": ("database",),
}


def examine(settings: Settings) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for name, check in CHECKS.items():
        broken = [needed for needed in NEEDS.get(name, ()) if found[needed].level == Level.PROBLEM]
        found[name] = (
            skipped(f"not looked at before {broken[0]} is mended") if broken else _look(check, settings)
        )
    return found


def _look(check: Check, settings: Settings) -> Finding:
    try:
        return check(settings)
    except Exception as surprise:  # noqa: BLE001 - whatever is wrong is the finding
        said = f"{type(surprise).__name__}: {surprise}".strip().splitlines()[0]
        return problem(said[:500], "This was not foreseen: the message is all that is known.")
