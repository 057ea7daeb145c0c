"""POST docs/: what may be said, what comes of it, and what is refused."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from lacre.signing import events
from lacre.signing.asking import AnswerKind
from lacre.signing.layout import FieldKind
from lacre.signing.margins import Edge
from lacre.signing.signer import Channel, Photo
from tests.support.pdfs import active_pdf, contract_pdf, locked_pdf
from tests.support.zapsign_desk import PDF_TEXT, Desk


def test_a_document_is_created_pending_with_a_link_for_each_signer(desk: Desk) -> None:
    made = desk.create(name="Locação", external_id="ped-77")

    assert (made["status"], made["name"], made["external_id"], made["open_id"]) == (
        "pending",
        "Locação",
        "ped-77",
        1,
    )
    assert [one["sign_url"] for one in made["signers"]] == [
        f"https://lacre.test/verificar/{one['token']}" for one in made["signers"]
    ]


def test_created_and_sent_are_one_for_their_clients(desk: Desk) -> None:
    made = desk.create()

    assert desk.event_types(made["token"]) == [events.ENVELOPE_CREATED, events.ENVELOPE_SENT]


def test_what_is_created_is_what_is_read(desk: Desk) -> None:
    made = desk.create(metadata=[{"key": "loja", "value": "3"}])

    read = desk.call("GET", f"docs/{made['token']}/")

    links = ("original_file", "signed_file", "last_update_at")
    assert {**read, **dict.fromkeys(links)} == {**made, **dict.fromkeys(links)}


def test_the_file_may_come_from_a_url(desk: Desk) -> None:
    desk.installation.shelf.files["https://ped.test/c.pdf"] = contract_pdf(pages=3)

    made = desk.create(base64_pdf=None, url_pdf="https://ped.test/c.pdf")

    assert len(desk.envelope(made["token"]).documents[0].pages) == 3


def test_a_url_that_does_not_answer_is_refused(desk: Desk) -> None:
    said = {"name": "x", "url_pdf": "https://gone.test/", "signers": [{"name": "B"}]}

    status, why = desk.refused("POST", "docs/", said)

    assert (status, "não pôde ser baixado" in why["detail"]) == (400, True)


@pytest.mark.parametrize(
    "text",
    [
        "data:application/pdf;base64," + PDF_TEXT,
        '"' + PDF_TEXT + '",',
        "\n\t".join(PDF_TEXT[at : at + 76] for at in range(0, len(PDF_TEXT), 76)),
        PDF_TEXT.rstrip("="),
        base64.urlsafe_b64encode(contract_pdf(pages=1)).decode(),
    ],
    ids=["data url", "quotes", "line breaks", "no padding", "url-safe"],
)
def test_base64_is_read_as_their_clients_write_it(desk: Desk, text: str) -> None:
    made = desk.create(base64_pdf=text)

    document = desk.envelope(made["token"]).documents[0]
    assert desk.services.files.read(document.original) == contract_pdf(pages=1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no pdf at all", "não é um PDF"),
        (locked_pdf(), "senha"),
        (active_pdf(), "conteúdo ativo"),
        (b"%PDF-1.7" + bytes(3 * 1024 * 1024), "grande demais"),
    ],
    ids=["text", "password", "javascript", "too large"],
)
def test_a_file_that_cannot_be_signed_is_refused_with_its_reason(
    desk: Desk, content: bytes, says: str
) -> None:
    said = {"name": "x", "base64_pdf": base64.b64encode(content).decode(), "signers": [{"name": "B"}]}

    status, why = desk.refused("POST", "docs/", said)

    assert (status, says in why["detail"]) == (400, True)


def test_every_option_of_a_signer_is_understood(desk: Desk) -> None:
    said = {
        "name": "Bruno",
        "email": "b@example.test",
        "phone_country": "351",
        "phone_number": 912345678,
        "auth_mode": "ASSINATURATELA-TOKENEMAIL",
        "require_cpf": True,
        "cpf": "529.982.247-25",
        "send_automatic_email": True,
        "custom_message": "Olá",
        "lock_name": True,
        "lock_email": True,
        "blank_phone": True,
        "hide_email": True,
        "qualification": "testemunha",
        "external_id": "cli-1",
        "redirect_link": "https://ped.test/fim",
        "signature_placement": "<<a>>",
        "rubrica_placement": "<<r>>",
    }

    made = desk.create(signers=[said])

    kept = desk.envelope(made["token"]).signers[0]
    assert (kept.phone_country, kept.phone, kept.tax_id) == ("351", "912345678", "52998224725")
    assert (kept.qualification, kept.external_id) == ("testemunha", "cli-1")
    options = kept.options
    assert (options.draw, options.email_code, options.notify_by) == (True, True, (Channel.EMAIL,))
    assert (options.lock_name, options.lock_email, options.lock_phone) == (True, True, False)
    assert (options.ask_email, options.ask_phone, options.hide_email) == (True, False, True)
    assert (options.ask_tax_id, options.message) == (True, "Olá")
    assert (options.redirect_url, options.signature_anchor) == ("https://ped.test/fim", "<<a>>")
    assert made["signers"][0]["auth_mode"] == "assinaturaTela-tokenEmail"


def test_every_option_of_a_document_is_understood(desk: Desk) -> None:
    made = desk.create(
        lang="es",
        disable_signer_emails=True,
        signed_file_only_finished=True,
        brand_logo="https://ped.test/l.png",
        brand_primary_color="#123456",
        brand_name="Pedro",
        folder_path="/Contratos/2026",
        date_limit_to_sign="2026-12-25",
        signature_order_active=True,
        observers=["o@example.test"],
        reminder_every_n_days=3,
        allow_refuse_signature=True,
        disable_signers_get_original_file=True,
        Metadata=[{"key": "k", "value": 7}],
    )

    kept = desk.envelope(made["token"])
    assert (made["lang"], made["folder_path"], made["auto_reminder"]) == ("es", "/Contratos/2026/", 3)
    assert made["metadata"] == [{"key": "k", "value": "7"}]
    assert (made["disable_signer_emails"], made["signed_file_only_finished"]) == (True, True)
    assert (made["brand_logo"], made["brand_primary_color"]) == ("https://ped.test/l.png", "#123456")
    assert kept.expires_at == datetime(2026, 12, 26, 2, 59, 59, 999999, tzinfo=UTC)
    assert (kept.options.sequential, kept.options.allow_refusal) == (True, True)
    assert (kept.options.hide_original, kept.options.observers) == (True, ("o@example.test",))
    assert kept.options.branding.name == "Pedro"


@pytest.mark.parametrize(
    ("said", "answered", "channel"),
    [
        ("tokenSms", "tokenSms", Channel.SMS),
        ("assinaturaTela-tokenWhatsApp", "assinaturaTela-tokenWhatsapp", Channel.WHATSAPP),
        ("certificadodigital", "certificadoDigital", None),
        ("cpf", "CPF", None),
        ("", "assinaturaTela", None),
    ],
)
def test_a_way_of_identifying_is_understood_however_it_is_spelt(
    desk: Desk, said: str, answered: str, channel: Channel | None
) -> None:
    made = desk.create(signers=[{"name": "B", "auth_mode": said}])

    options = desk.envelope(made["token"]).signers[0].options
    assert (made["signers"][0]["auth_mode"], options.code_channel) == (answered, channel)


def test_a_way_of_identifying_that_is_not_known_is_refused(desk: Desk) -> None:
    said = {"name": "x", "base64_pdf": PDF_TEXT, "signers": [{"name": "B", "auth_mode": "qualquer"}]}

    status, why = desk.refused("POST", "docs/", said)

    assert (status, why) == (400, {"detail": "O auth_mode 'qualquer' não está disponível nesta instalação."})


@pytest.mark.parametrize(
    "said", [{"auth_mode": "tokenSms", "blank_phone": True}, {"auth_mode": "tokenEmail", "blank_email": True}]
)
def test_a_code_that_could_go_nowhere_is_refused(desk: Desk, said: dict[str, Any]) -> None:
    whole = {"name": "x", "base64_pdf": PDF_TEXT, "signers": [{"name": "B", **said}]}

    assert desk.refused("POST", "docs/", whole)[0] == 400


def test_photos_are_asked_for(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "B", "require_selfie_photo": True, "require_document_photo": 1}])

    assert desk.envelope(made["token"]).signers[0].options.photos == (
        Photo.DOCUMENT,
        Photo.DOCUMENT_BACK,
        Photo.SELFIE,
    )
    assert made["signers"][0]["require_selfie_photo"] is True


def test_a_check_by_a_company_is_refused_as_one_that_is_not_paid_for(desk: Desk) -> None:
    signer = {"name": "B", "selfie_validation_type": "liveness-document-match"}

    status, why = desk.refused("POST", "docs/", {"name": "x", "base64_pdf": PDF_TEXT, "signers": [signer]})

    assert (status, why["error"]) == (402, "Payment Required")
    assert "liveness-document-match" in why["message"]


def test_an_rg_is_asked_for_in_the_page_and_not_any_more_once_that_is_said(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "B", "require_rg": True}])
    asked = desk.envelope(made["token"]).signers[0].options.questions

    desk.call("POST", f"signers/{made['signers'][0]['token']}/", {"require_rg": False})

    assert [(one.label, one.kind, one.required) for one in asked] == [("RG", AnswerKind.ID_CARD, True)]
    assert desk.envelope(made["token"]).signers[0].options.questions == ()


def test_nulls_empty_texts_and_read_only_fields_are_as_if_not_said(desk: Desk) -> None:
    signer = {"name": "B", "token": "", "sign_url": "", "status": "", "times_viewed": 0, "auth_mode": ""}
    signer |= {"lock_name": None, "send_automatic_email": "", "email": None, "order_group": None}

    made = desk.create(
        signers=[signer], date_limit_to_sign=None, external_id=None, observers="", metadata=None, xyz=1
    )

    assert (made["external_id"], made["metadata"], made["signers"][0]["lock_name"]) == ("", [], False)


def test_blanks_around_names_and_addresses_are_taken_off(desk: Desk) -> None:
    said = {"name": " Ana Maria ", "email": " ana@x.test\t", "phone_number": " 11988887777"}

    made = desk.create(name=" Contrato ", signers=[said], observers=[" olho@x.test ", ""])

    (ana,) = made["signers"]
    assert (made["name"], ana["name"], ana["email"], ana["phone_number"]) == (
        "Contrato", "Ana Maria", "ana@x.test", "11988887777",
    )  # fmt: skip
    assert desk.envelope(made["token"]).options.observers == ("olho@x.test",)


def not_created(desk: Desk, **said: object) -> tuple[int, Any]:
    usual = {"name": "Contrato", "base64_pdf": PDF_TEXT, "signers": [{"name": "Ana"}]}
    return desk.refused("POST", "docs/", usual | said)


def test_a_name_of_blanks_is_none(desk: Desk) -> None:
    refused = not_created(desk, signers=[{"name": "  "}])

    data = {"signers.0.name": ["Este campo é obrigatório."]}
    assert refused == (400, {"message": "Invalid Input", "data": data})


def test_what_is_no_address_is_refused(desk: Desk) -> None:
    signer = not_created(desk, signers=[{"name": "Ana", "email": "ana maria@x"}])
    observer = not_created(desk, observers=["ana"])

    assert signer == (400, {"detail": "O e-mail 'ana maria@x' não é válido."})
    assert observer == (
        400,
        {"message": "Invalid Input", "data": {"observers.0": ["Este campo não é válido."]}},
    )


def test_what_is_missing_is_named(desk: Desk) -> None:
    status, why = desk.refused("POST", "docs/", {"base64_pdf": "x", "signers": [{"email": "b@x.test"}]})

    required = ["Este campo é obrigatório."]
    assert (status, why) == (
        400,
        {"message": "Invalid Input", "data": {"name": required, "signers.0.name": required}},
    )


def test_a_document_without_a_source_is_refused(desk: Desk) -> None:
    said = {"name": "x", "signers": [{"name": "B"}]}

    assert desk.refused("POST", "docs/", said) == (
        400,
        {"detail": "Informe url_pdf, base64_pdf, url_docx, base64_docx ou markdown_text."},
    )


@pytest.mark.parametrize("other", ["url_pdf", "base64_docx", "markdown_text"])
@pytest.mark.parametrize("path", ["docs/", "docs/async/"])
def test_a_document_with_two_sources_is_refused(desk: Desk, path: str, other: str) -> None:
    said = {"name": "x", "base64_pdf": PDF_TEXT, other: "https://x.test/a.pdf", "signers": [{"name": "B"}]}

    status, why = desk.refused("POST", path, said)

    assert (status, why["detail"].endswith("Somente um deles.")) == (400, True)


@pytest.mark.parametrize("day", [True, {}, ["2026-12-24"]])
def test_a_limit_that_is_no_day_is_refused_by_its_name(desk: Desk, day: object) -> None:
    said = {"name": "x", "base64_pdf": PDF_TEXT, "signers": [{"name": "B"}], "date_limit_to_sign": day}

    _, why = desk.refused("POST", "docs/", said)

    assert why["data"] == {"date_limit_to_sign": ["Este campo não é válido."]}


def test_a_limit_in_the_past_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    said = {
        "name": "x",
        "base64_pdf": PDF_TEXT,
        "signers": [{"name": "B"}],
        "date_limit_to_sign": "2020-01-01",
    }

    status, why = desk.refused("POST", "docs/", said)

    assert (status, why) == (400, {"detail": "A data limite para assinar já passou."})
    assert desk.call("GET", "docs/")["count"] == 0


def test_signatures_and_initials_stand_at_every_occurrence_of_their_anchors(desk: Desk) -> None:
    content = base64.b64encode(contract_pdf(pages=2, anchor="Assinatura: <<bruno>>")).decode()
    signer = {"name": "B", "signature_placement": "<<bruno>>", "rubrica_placement": "folha"}

    made = desk.create(base64_pdf=content, signers=[signer])

    fields = desk.envelope(made["token"]).fields
    assert [(one.kind, one.place.page) for one in fields] == [
        (FieldKind.SIGNATURE, 1),
        (FieldKind.INITIALS, 0),
        (FieldKind.INITIALS, 1),
    ]
    assert {(one.place.width, one.place.height) for one in fields} == {(19.55, 9.42), (13.76, 9.42)}


def test_without_groups_the_order_of_the_list_is_the_order_of_signing(desk: Desk) -> None:
    made = desk.create(signature_order_active=True)

    assert [one.group for one in desk.envelope(made["token"]).signers] == [0, 1]


@pytest.mark.parametrize("groups", [[0, 0, 1], [1, 1, 2]])
def test_groups_may_count_from_zero_or_one(desk: Desk, groups: list[int]) -> None:
    signers = [{"name": f"S{at}", "order_group": group} for at, group in enumerate(groups)]

    made = desk.create(signature_order_active=True, signers=signers)

    assert [one.group for one in desk.envelope(made["token"]).signers] == groups


def in_groups(least: object, **more: object) -> dict[str, Any]:
    people = (("A", 1), ("B", 1), ("C", 2))
    return {
        "signers": [{"name": name, "order_group": group} for name, group in people],
        "signature_groups": [{"order_group": 1, "title": "Um", "minimum_signatures_required": least}],
        **more,
    }


@pytest.mark.parametrize(("least", "quorums"), [("1", {1: 1}), (2, {1: 2}), (None, {})])
@pytest.mark.parametrize("ordered", [True, False])
def test_a_group_may_be_done_before_all_of_it_signed(
    desk: Desk, least: object, quorums: dict[int, int], ordered: bool
) -> None:
    made = desk.create(**in_groups(least, signature_order_active=ordered))

    envelope = desk.envelope(made["token"])
    assert (envelope.options.quorums, [one.group for one in envelope.signers]) == (quorums, [1, 1, 2])


@pytest.mark.parametrize("least", [0, 3, -1])
def test_a_group_needs_one_signature_at_least_and_no_more_than_it_has_signers(desk: Desk, least: int) -> None:
    said = {"name": "x", "base64_pdf": PDF_TEXT, **in_groups(least)}

    status, why = desk.refused("POST", "docs/", said)

    assert (status, list(why)) == (400, ["message"])


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        (
            [0, 2, 3],
            "A numeração dos grupos deve ser contínua. Valores esperados: [0, 1, 2],"
            " valores fornecidos: [0, 2, 3]",
        ),
        ([2, 3], "A ordem dos grupos de signatários deve começar por 0. Primeiro grupo encontrado: 2"),
        ([0, None], "Há signatários neste documento que não foram incluídos em nenhum grupo."),
    ],
)
def test_groups_with_gaps_are_refused_in_their_words(desk: Desk, groups: list[int | None], says: str) -> None:
    signers = [{"name": f"S{at}", "order_group": group} for at, group in enumerate(groups)]
    said = {"name": "x", "base64_pdf": PDF_TEXT, "signers": signers, "signature_order_active": True}

    assert desk.refused("POST", "docs/", said) == (400, {"message": says})


@pytest.mark.parametrize(("position", "edge"), [("right", Edge.RIGHT), ("", Edge.LEFT), ("TOP", Edge.LEFT)])
def test_a_simplified_signature_is_a_text_in_the_margin_and_nothing_is_drawn(
    desk: Desk, position: str, edge: Edge
) -> None:
    made = desk.create(has_simplified_signature=True, simplified_signature_position=position)
    added = desk.call("POST", f"docs/{made['token']}/add-signer/", {"name": "Davi"})
    desk.call("POST", f"signers/{added['token']}/", {"auth_mode": "assinaturaTela"})

    envelope = desk.envelope(made["token"])
    assert envelope.options.margin is edge
    assert [one.options.draw for one in envelope.signers] == [False] * 3
    assert added["auth_mode"] == "assinaturaTela"


def test_a_position_alone_simplifies_nothing(desk: Desk) -> None:
    made = desk.create(simplified_signature_position="left")

    assert desk.envelope(made["token"]).options.margin is None
