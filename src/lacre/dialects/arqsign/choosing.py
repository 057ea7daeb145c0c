"""What of a webhook is chosen in our console, where their page has more than their API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lacre.dialects.arqsign import words
from lacre.dialects.arqsign.options import CAMEL, PASCAL, Options, kept, options_of
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.errors import ContentNotPossible
from lacre.webhooks.narrowing import Narrowing
from lacre.webhooks.wording import Choice

EVENTS = {f"event_{number}": number for number in words.TRIGGERS}
_OF_EVENTS = {name: words.TRIGGERS[number] for name, number in EVENTS.items()}
FIELDS = {"file_link": words.FILE_LINK, "record_link": words.RECORD_LINK}
"""What a client may know by other names than ours, since theirs are published nowhere."""
_NAME = re.compile(r"[^\W\d]\w{0,59}")
_TAKEN = {"id", "ordemdocumento", "nomedocumento", "base64documento", "linkdocumentoscompartilhados"}
_TAKEN |= {"registroassinaturas", "nomeregistro", "base64registro"}
"""What stands beside the links already."""
WAITS, FILES, RECORDS = "answer", "files", "record_files"
WAITED, UNWAITED = "waited_for", "not_waited_for"
NONE, BASE64, LINK = "none", "base64", "links"
_TYPES: Mapping[str, int | None] = {NONE: None, BASE64: 1, LINK: 2}


def _own(name: str, usual: str) -> Choice:
    return Choice(name=name, offered=(usual,), several=False, of_request=True, typed=True)


CHOICES = (
    Choice(name="include", offered=("envelope", "signers", "shared_link"), several=True),
    Choice(name=FILES, offered=(NONE, LINK, BASE64), several=False),
    Choice(name=RECORDS, offered=(NONE, LINK, BASE64), several=False),
    Choice(name="names", offered=(PASCAL, CAMEL), several=False, of_request=True),
    Choice(name=WAITS, offered=(UNWAITED, WAITED), several=False, of_request=True),
    *(_own(name, usual) for name, usual in {**_OF_EVENTS, **FIELDS}.items()),
)


def chosen(endpoint: Endpoint) -> dict[str, tuple[str, ...]]:
    options = options_of(endpoint)
    returned = options.returned
    told = {
        "envelope": returned.processo,
        "signers": returned.signatarios,
        "shared_link": returned.link_doc_compartilhado,
    }
    return {
        "include": tuple(name for name, wanted in told.items() if wanted),
        FILES: (_type(returned.documentos, returned.documentos_tipo),),
        RECORDS: (_type(returned.registros_assinatura, returned.registros_assinatura_tipo),),
        "names": (options.case,),
        WAITS: (WAITED if options.waits else UNWAITED,),
        **{name: (options.name(number),) for name, number in EVENTS.items()},
        **{name: (options.fields.get(usual, usual),) for name, usual in FIELDS.items()},
    }


def choose(endpoint: Endpoint, said: Mapping[str, Sequence[str]]) -> None:
    """What is not said stays."""
    now = {**chosen(endpoint), **said}
    files, records = _TYPES.get(_one(now[FILES])), _TYPES.get(_one(now[RECORDS]))
    changed = {
        "returned": {
            "processo": "envelope" in now["include"],
            "signatarios": "signers" in now["include"],
            "linkDocCompartilhado": "shared_link" in now["include"],
            "documentos": files is not None,
            "documentosTipo": files,
            "registrosAssinatura": records is not None,
            "registrosAssinaturaTipo": records,
        },
        "case": _one(now["names"]) if _one(now["names"]) in (PASCAL, CAMEL) else PASCAL,
        "waits": _one(now[WAITS]) == WAITED,
        "names": {EVENTS[name]: word for name, word in _own_names(now, _OF_EVENTS).items()},
        "fields": {FIELDS[name]: word for name, word in _own_names(now, FIELDS).items()},
    }
    before = options_of(endpoint).model_dump(mode="json", by_alias=True)
    endpoint.options = kept(Options.model_validate({**before, **changed}))


def narrow(endpoint: Endpoint, to: Narrowing) -> None:
    changed = {"senders": to.senders, "groups": to.groups, "folders": to.folders}
    endpoint.options = kept(options_of(endpoint).model_copy(update=changed))


def _own_names(now: Mapping[str, Sequence[str]], usual: Mapping[str, str]) -> dict[str, str]:
    """Those that differ from ours, by their choices; raises `ContentNotPossible` for what is no name."""
    written = {name: _one(now[name]) or ours for name, ours in usual.items()}
    for word in written.values():
        if not _NAME.fullmatch(word) or word.lower() in _TAKEN:
            raise ContentNotPossible(f"“{word}” is no name: letters, digits and _, 60 at most")
    if len({*written.values()}) != len(written):
        raise ContentNotPossible("two of these names are the same")
    return {name: word for name, word in written.items() if word != usual[name]}


def _type(wanted: bool, number: int | None) -> str:
    return next(name for name, one in _TYPES.items() if one == (number if wanted else None))


def _one(said: Sequence[str]) -> str:
    return said[0] if said else ""
