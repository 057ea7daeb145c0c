"""One answer of each call about documents and signers; the file of the same name holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.zapsign_desk import PDF_TEXT, Desk

Story = Callable[[Desk], Any]

SAID = {
    "name": "Locação",
    "external_id": "ped-77",
    "folder_path": "/Contratos/2026/",
    "lang": "pt-br",
    "signature_order_active": True,
    "reminder_every_n_days": 3,
    "allow_refuse_signature": True,
    "brand_primary_color": "#123456",
    "metadata": [{"key": "loja", "value": "3"}],
    "signers": [
        {
            "name": "Bruno Dias",
            "email": "bruno@example.test",
            "auth_mode": "assinaturaTela-tokenEmail",
            "send_automatic_email": True,
            "lock_name": True,
            "cpf": "529.982.247-25",
            "external_id": "cli-1",
            "qualification": "testemunha",
            "signature_placement": "<<bruno>>",
            "redirect_link": "https://ped.test/fim",
        },
        {"name": "Carla Luz", "phone_number": "11999990000", "blank_email": True, "hide_phone": True},
    ],
}


def made(desk: Desk) -> dict[str, Any]:
    return desk.create(**SAID)


def signed(desk: Desk) -> dict[str, Any]:
    document = made(desk)
    for position in (0, 1):
        desk.sign(document["token"], position)
    return document


def _at(document: dict[str, Any], position: int) -> str:
    token: str = document["signers"][position]["token"]
    return token


def document_created(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return made(desk)


def document_created_oneclick(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    signers = [{"name": "Maria Perez", "email": "maria@example.test"}]
    return desk.create(one_click_active=True, require_signature=True, signers=signers)


def document_created_async(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    said = {"name": "x", "base64_pdf": PDF_TEXT, "signers": [{"name": "B"}]}
    return desk.call("POST", "docs/async/", said)


def document_read(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    document = made(desk)
    desk.sign(document["token"], 0)
    return desk.call("GET", f"docs/{document['token']}/")


def document_read_signed(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("GET", f"docs/{signed(desk)['token']}/")


def document_deleted(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("DELETE", f"docs/{made(desk)['token']}/")


def document_updated(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    said = {"name": "Novo", "date_limit_to_sign": "2026-12-25"}
    return desk.call("PUT", f"docs/{made(desk)['token']}/", said)


def document_cancelled(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("POST", "refuse/", {"doc_token": made(desk)["token"], "rejected_reason": "Desfeito"})


def document_reprocessed(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("POST", f"docs/{signed(desk)['token']}/reprocess-doc/", {"send_webhook": True})


def documents_listed(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    made(desk)
    return desk.call("GET", "docs/?page=1")


def documents_listed_with_signers(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    made(desk)
    return desk.call("GET", "docs/?include_signers=true")


def extra_document_added(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    said = {"name": "Anexo", "base64_pdf": PDF_TEXT}
    return desk.call("POST", f"docs/{made(desk)['token']}/upload-extra-doc/", said)


def extra_document_read(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("GET", f"docs/{extra_document_added(desk)['token']}/")


def signatures_placed(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("POST", f"docs/{made(desk)['token']}/place-signatures/", {"rubricas": []})


def everybody_notified(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("POST", f"docs/{made(desk)['token']}/resend-notifications-bulk/")


def signer_added(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    said = {"name": "Davi", "email": "davi@example.test", "auth_mode": "certificadoDigital"}
    return desk.call("POST", f"docs/{made(desk)['token']}/add-signer/", said)


def signer_read(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("GET", f"signers/{_at(made(desk), 0)}/")


def signer_read_signed(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("GET", f"signers/{_at(signed(desk), 0)}/")


def signer_updated(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("POST", f"signers/{_at(made(desk), 1)}/", {"name": "Carla Luz Reis", "lock_phone": True})


def signer_verification(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("GET", f"signer-verification-details/{_at(made(desk), 0)}/")


def groups_dissolved(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    return desk.call("DELETE", f"signature-group/{made(desk)['token']}/")


STORIES: Mapping[str, Story] = {
    story.__name__: story
    for story in (
        document_created,
        document_created_oneclick,
        document_created_async,
        document_read,
        document_read_signed,
        document_deleted,
        document_updated,
        document_cancelled,
        document_reprocessed,
        documents_listed,
        documents_listed_with_signers,
        extra_document_added,
        extra_document_read,
        signatures_placed,
        everybody_notified,
        signer_added,
        signer_read,
        signer_read_signed,
        signer_updated,
        signer_verification,
        groups_dissolved,
    )
}
