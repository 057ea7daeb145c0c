"""Where ports meet their implementations: the only file that knows every part."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import perf_counter

from starlette.types import ASGIApp

from lacre.accounts.account import NewKey
from lacre.dialects.arqsign import auth as arqsign
from lacre.dialects.arqsign import routes as arqsign_routes
from lacre.dialects.arqsign.paths import Tidied
from lacre.dialects.arqsign.routes import sending as arqsign_sending
from lacre.dialects.arqsign.webhook import ArqsignWording
from lacre.dialects.fastnotas import routes as fastnotas_routes
from lacre.dialects.fastnotas.webhook import FastnotasWording
from lacre.dialects.idexa import routes as idexa_routes
from lacre.dialects.idexa.webhook import IdexaWording
from lacre.dialects.native import routes as native_routes
from lacre.dialects.native.webhook import NativeWording
from lacre.dialects.zapsign import routes as zapsign_routes
from lacre.dialects.zapsign.later import PROMISED, keep_promise
from lacre.dialects.zapsign.routes.models import MAKERS
from lacre.dialects.zapsign.webhook import ZapsignWording
from lacre.dialects.zapsign.widget import MESSAGES
from lacre.engines import clock
from lacre.engines.attempt_log import JsonAttemptLog, TextAttemptLog
from lacre.engines.docx.door import WordDocuments
from lacre.engines.fields import SandboxedExtractor
from lacre.engines.gateway import Gateway, GatewayUnusable, HttpMessenger
from lacre.engines.http import HttpEngine
from lacre.engines.intake.door import PdfIntake
from lacre.engines.language_model import ChatModel, open_way_out
from lacre.engines.links import SignedLinks
from lacre.engines.mail.mailbox import ImapReturns
from lacre.engines.mail.smtp import SmtpMailer
from lacre.engines.mail.stationery import JinjaStationery
from lacre.engines.measures import ProcessMeasures
from lacre.engines.nfse import NationalSystem, open_national_system
from lacre.engines.pades import (
    Identity,
    P12Certificates,
    PyhankoSealer,
    PyhankoVerifier,
    SealConfig,
    Ways,
    load_or_create_certificate,
)
from lacre.engines.passwords import Argon2Passwords
from lacre.engines.pictures import PillowPictures
from lacre.engines.rehearsal import rehearse_sealing
from lacre.engines.render import PdfPages
from lacre.engines.sandboxes import Sandboxes
from lacre.engines.tokens import SystemTokens
from lacre.engines.turnstile import CountingTurnstile
from lacre.engines.typeset.typesetter import TypstTypesetter
from lacre.engines.voiding import PikepdfVoider
from lacre.engines.waiting import WaitingRoom
from lacre.kit.events import Event
from lacre.kit.jobs import HeldJob
from lacre.processing.ports import LanguageModel
from lacre.services import FiscalPorts, Services, Tokens
from lacre.settings import Settings
from lacre.signing.ports import Mailer, Messenger, Returns
from lacre.signing.record import SealAuthority
from lacre.signing.signer import Channel
from lacre.store.keys import Keys
from lacre.store.opening import Store
from lacre.web.access_log import AccessLog
from lacre.web.app import build
from lacre.web.limits import BodyLimits
from lacre.web.proxies import TrustedProxies
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.ports import AttemptLog
from lacre.webhooks.wording import Wording
from lacre.worker.deliver import Sending
from lacre.worker.handlers import HANDLERS
from lacre.worker.jobs import LANES, Failed, Lane
from lacre.worker.loop import Worker

_SPOKEN: Sequence[Wording] = (
    NativeWording(),
    ZapsignWording(),
    ArqsignWording(),
    IdexaWording(),
    FastnotasWording(),
)
WORDINGS: Mapping[str, Wording] = {one.name: one for one in _SPOKEN}
DIALECTS = tuple(WORDINGS)
BASE64_GROWTH = 1.5
COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_TRACES_MISSING = (
    f"{COLLECTORS[0]} is set, but OpenTelemetry is not installed: install lacre[otel], or unset it."
)


class TracesMissing(Exception):
    """Traces are asked for, and what makes them is not there."""


@dataclass(frozen=True)
class Installation:
    """Everything of one installation, opened; close it when done."""

    settings: Settings
    services: Services
    _http: HttpEngine[Sending]
    _store: Store
    _waiting_room: WaitingRoom
    _ending: ExitStack

    @property
    def app(self) -> ASGIApp:
        """What the server serves."""
        # ArqSIGN's before ZapSign's, which answers whatever else begins with /api/v1
        spoken = (native_routes, arqsign_routes, zapsign_routes, idexa_routes, fastnotas_routes)
        dialects = [route for one in spoken for route in one.routes(self.services)]
        pages = Tidied(build(self.services, MESSAGES, more=dialects))
        limit = int(self.settings.max_upload_mb * 1_000_000 * BASE64_GROWTH)
        wider = {arqsign_sending.PATH: int(arqsign_sending.MOST_BYTES * BASE64_GROWTH)}
        bounded = BodyLimits(pages, max_bytes=limit, seconds=self.settings.body_seconds, wider=wider)
        return TrustedProxies(
            AccessLog(bounded, perf_counter, self.services.measures), self.settings.proxy_networks
        )

    def worker(self, *, only_deliver: bool = False) -> Worker:
        handlers, lanes = ({}, ()) if only_deliver else ({**HANDLERS, PROMISED: _promised}, _ALL_LANES)
        worker = Worker(self.services, self._http, handlers=handlers, lanes=lanes)
        self._store.on_work(worker.wake)
        return worker

    def new_key(self, dialect: str) -> str:
        """Of a dialect whose clients have one."""
        (one,) = self.new_keys(dialect)
        return one.secret

    def new_keys(self, dialect: str) -> Sequence[NewKey]:
        return self.services.new_keys(dialect)

    def stop_waiting(self) -> None:
        """Answers whoever waits for news, now and from now on: before a server stops. From any thread."""
        self._waiting_room.close()

    def close(self) -> None:
        self._ending.close()


def open_installation(
    settings: Settings, *, public_url: str = "", migrating: bool | None = None
) -> Installation:
    """Migrates an embedded database by itself unless told otherwise; the others are for `lacre migrate`."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as ending:
        store = _open_store(settings, public_url, settings.embedded if migrating is None else migrating)
        ending.callback(store.close)
        http: HttpEngine[Sending] = HttpEngine(
            settings.egress_networks, proxy=settings.egress_proxy.get_secret_value()
        )
        ending.callback(http.close)
        sandboxes = Sandboxes(settings.office, eyes=settings.reader)
        ending.callback(sandboxes.close)
        room = WaitingRoom()
        store.on_news(room.hear)
        national = open_national_system(settings, clock.now, sandboxes.opening.run)
        ending.callback(national.close)
        opened = _services(settings, public_url, store, http, sandboxes, room, national)
        services = _traced(opened, ending)
        turnstile = CountingTurnstile(None if settings.embedded else store.share)
        services = replace(services, turnstile=turnstile, returns=_returns(settings))
        services = replace(services, language_model=_language_model(settings, ending))
        store.on_events(services.measures.announced)
        return Installation(settings, services, http, store, room, ending.pop_all())


def listens(endpoint: Endpoint, event: Event) -> bool:
    """Asks the dialect that the endpoint speaks."""
    wording = WORDINGS.get(endpoint.dialect)
    return wording is not None and wording.listens(endpoint, event)


# each may wait a minute for every address that its client names
_ALL_LANES = (*LANES, Lane(kinds=(PROMISED,), at_once=4, spares_half=True))


def _promised(services: Services, job: HeldJob, now: datetime) -> Failed | None:
    """A document that a client was promised; a reason that it cannot be stays one."""
    broken = keep_promise(services, job, now, MAKERS)
    return None if broken is None else Failed(problem=broken.problem, retry=broken.retry)


def _open_store(settings: Settings, public_url: str, migrating: bool) -> Store:
    def make_links(keys: Keys) -> SignedLinks:
        return SignedLinks(_public(settings, public_url), keys, time_scale=settings.time_scale)

    return Store.open(
        settings.database,
        data_dir=settings.data_dir,
        secret_key=settings.secret_key.get_secret_value(),
        files_url=settings.files_url,
        files_proxy=settings.proxy_for("s3"),
        make_links=make_links,
        listens=listens,
        clock=clock.now,
        time_scale=settings.time_scale,
        migrating=migrating,
    )


def _public(settings: Settings, public_url: str) -> str:
    return (settings.public_url or public_url or "http://127.0.0.1:8000").rstrip("/")


def _services(
    settings: Settings,
    url: str,
    store: Store,
    http: HttpEngine[Sending],
    sandboxes: Sandboxes,
    room: WaitingRoom,
    national: NationalSystem,
) -> Services:
    (seal, sealer), typesetter = _sealing(_seal_config(settings, http), sandboxes), TypstTypesetter()
    return Services(
        settings=settings,
        public_url=_public(settings, url),
        clock=clock.now,
        time_source=clock.time_source,
        open_work=store.open_work,
        presence=store.presence,
        waiting_room=room,
        files=store.files,
        invoice_files=store.invoice_files,
        inputs=store.inputs,
        reader=sandboxes.reader,
        extractor=SandboxedExtractor(sandboxes.finding),
        links=store.links,
        tokens=_tokens(store),
        passwords=Argon2Passwords(),
        intake=_intake(settings, seal, sandboxes),
        text_documents=_text_documents(settings, sandboxes),
        pages=PdfPages(sandboxes.drawing, settings.data_dir / "pages"),
        pictures=PillowPictures(sandboxes.cleaning.run),
        sealer=sealer,
        stamper=sealer,
        verifier=PyhankoVerifier(seal, sandboxes.judging.run),
        certificates=P12Certificates(settings.trusted_roots, Ways(http, http), sandboxes.opening.run),
        fiscal=_fiscal(national),
        typesetter=typesetter,
        printer=typesetter,
        voider=PikepdfVoider(sandboxes.sealing),
        stationery=JinjaStationery(),
        authority=_authority(seal.identity),
        mailer=_mailer(settings),
        messengers=_messengers(settings, http),
        fetcher=http,
        sender=http,
        wordings=WORDINGS,
        attempt_log=_attempt_log(settings),
        new_keys=partial(_new_keys, _tokens(store)),
        measures=ProcessMeasures(),
    )


def _sealing(seal: SealConfig, sandboxes: Sandboxes) -> tuple[SealConfig, PyhankoSealer]:
    return seal, PyhankoSealer(seal, sandboxes.sealing.run)


def _tokens(store: Store) -> SystemTokens:
    return SystemTokens(store.keys.derive("tokens", 1))


def _fiscal(national: NationalSystem) -> FiscalPorts:
    return FiscalPorts(
        office=national.office,
        municipalities=national.municipalities,
        printer=national.printer,
        certificates=national.reader,
    )


def _text_documents(settings: Settings, sandboxes: Sandboxes) -> WordDocuments:
    most = settings.max_upload_mb * 1_000_000
    return WordDocuments(sandboxes.admitting, sandboxes.offices, max_bytes=most)


def _intake(settings: Settings, seal: SealConfig, sandboxes: Sandboxes) -> PdfIntake:
    scratch = settings.data_dir / "scratch"
    scratch.mkdir(exist_ok=True)
    return PdfIntake(
        sandboxes.admitting,
        settings.max_upload_mb * 1_000_000,
        scratch,
        attempt=partial(rehearse_sealing, seal.identity),
    )


def _traced(services: Services, ending: ExitStack) -> Services:
    """With spans of what is measured, when a collector is named; else nothing of that is even imported."""
    if not any(os.environ.get(name) for name in COLLECTORS):
        return services
    try:
        from lacre.engines.tracing import TracedMeasures, open_provider  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise TracesMissing(_TRACES_MISSING) from missing
    provider, ids = open_provider()
    ending.callback(provider.shutdown)
    traced = TracedMeasures(provider, ids, services.clock)
    return replace(services, measures=traced, traceparent=traced.traceparent)


def _attempt_log(settings: Settings) -> AttemptLog:
    if settings.log_format == "json":
        return JsonAttemptLog(sys.stderr.buffer, clock.now)
    return TextAttemptLog()


def _new_keys(tokens: Tokens, dialect: str) -> Sequence[NewKey]:
    """ArqSIGN's clients have one key of the account's, and two of which either goes with it."""
    pair = (arqsign.SUBSCRIPTION, arqsign.SUBSCRIPTION) if dialect == arqsign.DIALECT else ()
    return [_new_key(tokens, kind) for kind in (dialect, *pair)]


def _new_key(tokens: Tokens, kind: str) -> NewKey:
    """ZapSign's are two UUIDs without a separator."""
    match kind:
        case arqsign.DIALECT:
            label, secret = arqsign.FIRST, tokens.uuid()
        case arqsign.SUBSCRIPTION:
            label, secret = arqsign.SECOND, tokens.uuid().replace("-", "")
        case "zapsign":
            label, secret = "api_token", tokens.uuid() + tokens.uuid()
        case _:
            label, secret = "api_key", f"lacre_{tokens.secret()}"
    return NewKey(label=label, dialect=kind, secret=secret)


def _seal_config(settings: Settings, http: HttpEngine[Sending]) -> SealConfig:
    password = settings.seal_p12_password.get_secret_value()
    identity = load_or_create_certificate(settings.data_dir, settings.seal_p12, password)
    return SealConfig(
        identity=identity,
        timestamp_url=settings.tsa_url,
        transport=http,
        fetcher=http,
        roots=settings.trusted_roots,
    )


def _authority(identity: Identity) -> SealAuthority:
    return SealAuthority(name=identity.common_name, icp_brasil=False)


def _mailer(settings: Settings) -> Mailer | None:
    url = settings.smtp_url.get_secret_value()
    if not url:
        return None
    proxy = settings.proxy_for("mail")
    return SmtpMailer(url, settings.mail_from, returns_to=settings.bounces_to, proxy=proxy)


def _returns(settings: Settings) -> Returns | None:
    url = settings.bounces_imap_url.get_secret_value()
    return ImapReturns(url) if url else None


def _language_model(settings: Settings, ending: ExitStack) -> LanguageModel | None:
    if not settings.llm_url:
        return None
    way_out = open_way_out(settings)
    ending.callback(way_out.close)
    return ChatModel.of(settings, way_out)


def _messengers(settings: Settings, http: HttpEngine[Sending]) -> dict[Channel, Messenger]:
    wanted = {Channel.SMS: settings.sms_gateway, Channel.WHATSAPP: settings.whatsapp_gateway}
    given = {channel: setting.get_secret_value() for channel, setting in wanted.items()}
    return {
        channel: HttpMessenger(_gateway(channel, setting), http)
        for channel, setting in given.items()
        if setting
    }


def _gateway(channel: Channel, setting: str) -> Gateway:
    try:
        return Gateway.parse(setting)
    except GatewayUnusable as unusable:
        raise GatewayUnusable(f"LACRE_{channel.name}_GATEWAY: {unusable}") from None
