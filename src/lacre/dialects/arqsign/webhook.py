"""Our events as the requests that ArqSIGN's webhooks make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lacre.dialects.arqsign import process, words
from lacre.dialects.arqsign.choosing import CHOICES, choose, chosen, narrow
from lacre.dialects.arqsign.hmac import Key
from lacre.dialects.arqsign.options import PASCAL, Options, options_of
from lacre.dialects.arqsign.promise import PROMISE, UNANSWERED
from lacre.documents.links import Links, Variant
from lacre.kit.events import Event
from lacre.kit.ids import DocumentId
from lacre.signing import events
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.folder import place_id
from lacre.signing.snapshot import thaw
from lacre.webhooks.body import BodyParts, InBase64, JsonWithFiles, json_pieces
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.headers import joined
from lacre.webhooks.narrowing import EVERYTHING, Narrowing
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Request
from lacre.webhooks.wording import Choice, Undescribed

BASE64, LINK = 1, 2


class ArqsignWording(Undescribed):
    @property
    def name(self) -> str:
        return "arqsign"

    @property
    def types(self) -> Sequence[str]:
        return [*words.TRIGGERS.values()]

    @property
    def signs(self) -> bool:
        return True

    @property
    def by_template(self) -> bool:
        return True

    @property
    def samples(self) -> Mapping[str, str]:
        return words.SAMPLES

    @property
    def choices(self) -> Sequence[Choice]:
        return CHOICES

    def chosen(self, endpoint: Endpoint) -> Mapping[str, Sequence[str]]:
        return chosen(endpoint)

    def choose(self, endpoint: Endpoint, said: Mapping[str, Sequence[str]]) -> None:
        choose(endpoint, said)

    def narrowing(self, endpoint: Endpoint) -> Narrowing:
        return options_of(endpoint).narrowing

    def narrow(self, endpoint: Endpoint, to: Narrowing) -> None:
        narrow(endpoint, to)

    def listens(self, endpoint: Endpoint, event: Event) -> bool:
        trigger = words.trigger(event)
        if trigger is None or event.type not in events.ALL:
            return False
        wanted = not endpoint.types or words.TRIGGERS[trigger] in endpoint.types
        return wanted and _is_among(self.narrowing(endpoint), event)

    def promise(self, endpoint: Endpoint) -> Promise:
        return endpoint.promised(PROMISE if options_of(endpoint).waits else UNANSWERED)

    def request(
        self,
        kept: KeptEvent,
        endpoint: Endpoint,
        *,
        links: Links,
        attempt: int,  # noqa: ARG002 - attempts are not numbered there
        now: datetime,
    ) -> Request:
        pieces = json_pieces(body(kept.event, endpoint, links=links, now=now))
        key = Key(secret=endpoint.secrets.signing[0]) if endpoint.secrets.signing else None
        held = pieces[0] if len(pieces) == 1 else None
        if not isinstance(held, bytes):
            return self._asked(endpoint, BodyParts(pieces=pieces, signer=key), b"", ())
        return self._asked(endpoint, None, held, key.headers(held) if key else ())

    def _asked(
        self,
        endpoint: Endpoint,
        parts: BodyParts | None,
        held: bytes,
        signature: tuple[tuple[str, str], ...],
    ) -> Request:
        promise = self.promise(endpoint)
        ours = (("Content-Type", "application/json; charset=utf-8"), ("User-Agent", promise.user_agent))
        return Request(
            method="POST",
            url=endpoint.url,
            headers=(*joined(ours, endpoint.secrets.headers), *signature),
            body=held,
            parts=parts,
            deadline_seconds=promise.deadline_seconds,
            pool_key=endpoint.account_id,
        )


def body(event: Event, endpoint: Endpoint, *, links: Links, now: datetime) -> JsonWithFiles:
    """What a webhook carries always, and of the process what this one was set to carry."""
    options, trigger = options_of(endpoint), words.trigger(event)
    frozen = event.facts["envelope"]
    if trigger is None or not isinstance(frozen, Mapping):
        raise ValueError(f"{event.type} has no trigger here")
    envelope = thaw(frozen)
    said: dict[str, Any] = {
        "evento": options.name(trigger),
        "idEvento": trigger,
        "idProcesso": envelope.id,
        "idConta": envelope.account_id,
        "idWebhook": endpoint.id,
        # when it happened, and not when it is told: the same event says the same each time
        "dataHoraAtual": event.at.astimezone(UTC).strftime("%d/%m/%Y %H:%M:%S"),
        **_chosen(options, envelope, trigger, event, links=links, now=now),
    }
    spelt: JsonWithFiles = _spelt(said, options)
    return spelt


def _is_among(narrowing: Narrowing, event: Event) -> bool:
    frozen = event.facts.get("envelope")
    if not isinstance(frozen, Mapping):
        return False
    if narrowing == EVERYTHING:
        return True
    envelope = thaw(frozen)
    options = envelope.options
    folder = place_id(envelope.account_id, options.folder)
    return narrowing.includes(sent_by=options.created_by, groups=options.sender_groups, folder=folder)


def _chosen(
    options: Options, envelope: Envelope, trigger: int, event: Event, *, links: Links, now: datetime
) -> dict[str, Any]:
    returned, said = options.returned, {}
    if returned.processo:
        said = _head(envelope)
    if returned.signatarios:
        only = event.facts.get("signer_id") if trigger in words.ABOUT_ONE else None
        said["signatarios"] = [
            _with_links(one, envelope, links=links, now=now)
            for one in process.people(envelope, only=str(only) if only else None)
        ]
    if returned.documentos or returned.registros_assinatura or returned.link_doc_compartilhado:
        said["documentos"] = list(_documents(options, envelope, links=links, now=now))
    return said


def _head(envelope: Envelope) -> dict[str, Any]:
    """The state's number has another name here than in the answer about a process."""
    head = process.head(envelope)
    number = head.pop("idStatus")
    return head | {"statusProcesso": head["status"], "idStatusProcesso": number}


def _with_links(said: dict[str, Any], envelope: Envelope, *, links: Links, now: datetime) -> dict[str, Any]:
    """The files that somebody attached, each with its link."""
    signature = said["dadosAssinatura"]
    if signature is not None:
        signer = next(one for one in envelope.signers if one.id == said["id"])
        for one in signature["anexos"]:
            file = DocumentId(signer.attached[one["id"]].file)
            one["linkParaBaixarDocumento"] = links.file_url(file, Variant.LOOSE, now=now)
    return said


def _documents(
    options: Options, envelope: Envelope, *, links: Links, now: datetime
) -> Iterator[dict[str, Any]]:
    for place, one in enumerate(envelope.documents, 1):
        yield {
            "id": one.id,
            "ordemDocumento": place,
            "nomeDocumento": one.name,
            **_file(options, one, links=links, now=now),
            **_shared(options, envelope, one, links=links, now=now),
            **_record(options, envelope, one, links=links, now=now),
        }


def _file(options: Options, document: Document, *, links: Links, now: datetime) -> dict[str, Any]:
    returned = options.returned
    if not returned.documentos:
        return {}
    if returned.documentos_tipo == BASE64:
        return {"base64Documento": InBase64(digest=document.sealed or document.original)}
    variant = Variant.SEALED if document.sealed else Variant.ORIGINAL
    return {words.FILE_LINK: links.file_url(document.id, variant, now=now)}


def _shared(
    options: Options, envelope: Envelope, document: Document, *, links: Links, now: datetime
) -> dict[str, Any]:
    if not options.returned.link_doc_compartilhado:
        return {}
    return {"linkDocumentosCompartilhados": process.shared_link(envelope, document, links=links, now=now)}


def _record(
    options: Options, envelope: Envelope, document: Document, *, links: Links, now: datetime
) -> dict[str, Any]:
    """Sealed when the process is concluded; none before."""
    returned = options.returned
    if not returned.registros_assinatura:
        return {}
    if envelope.record is None:
        return {"registroAssinaturas": []}
    said: dict[str, Any] = {"nomeRegistro": process.record_name(document)}
    if returned.registros_assinatura_tipo == BASE64:
        said["base64Registro"] = InBase64(digest=envelope.record)
    else:
        said[words.RECORD_LINK] = links.file_url(document.id, Variant.RECORD, now=now)
    return {"registroAssinaturas": [said]}


def _spelt(said: Any, options: Options, own: Mapping[str, str] = {}) -> Any:  # noqa: ANN401 - JSON with files
    """`idProcesso` → `IdProcesso`, at every depth; within `documentos`, `own` names as they are."""
    if isinstance(said, Mapping):
        return {
            own.get(name) or _cased(name, options): _spelt(
                value, options, options.fields if name == "documentos" else own
            )
            for name, value in said.items()
        }
    return [_spelt(one, options, own) for one in said] if isinstance(said, list | tuple) else said


def _cased(name: str, options: Options) -> str:
    return name[:1].upper() + name[1:] if options.case == PASCAL else name
