"""A profile of LibreOffice's that runs no macro, follows no link and fetches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_INTERNET = "/org.openoffice.Inet/Settings"
SETTINGS: Mapping[tuple[str, str], tuple[str, str]] = {
    (_SECURITY, "MacroSecurityLevel"): ("xs:int", "3"),
    (_SECURITY, "DisableMacrosExecution"): ("xs:boolean", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks"): ("xs:boolean", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link"): ("xs:int", "0"),
    ("/org.openoffice.Office.Common/Save/Document", "AutoSave"): ("xs:boolean", "false"),
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted"): ("xs:boolean", "true"),
    # a proxy that is not there, for where the kernel gives us no network of our own
    (_INTERNET, "ooInetProxyType"): ("xs:int", "1"),
    (_INTERNET, "ooInetHTTPProxyName"): ("xs:string", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPProxyPort"): ("xs:int", "9"),
    (_INTERNET, "ooInetHTTPSProxyName"): ("xs:string", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPSProxyPort"): ("xs:int", "9"),
}


def write_profile(folder: Path) -> None:
    user = folder / "user"
    user.mkdir(parents=True)
    items = "".join(_item(path, name, *value) for (path, name), value in SETTINGS.items())
    (user / "registrymodifications.xcu").write_text(_FILE.format(items), encoding="utf-8")


_FILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{}'
    "</oor:items>\n"
)


def _item(path: str, name: str, kind: str, value: str) -> str:
    return (
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse" oor:type="{kind}">'
        f"<value>{value}</value></prop></item>"
    )
