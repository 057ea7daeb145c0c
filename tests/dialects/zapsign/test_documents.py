"""Documents read, listed, changed, deleted, cancelled."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lacre.kit.ids import new_uuid
from lacre.signing import events
from lacre.signing.envelope import Envelope, EnvelopeStatus, Happened
from lacre.signing.layout import FieldKind
from tests.support.pdfs import contract_pdf
from tests.support.zapsign_desk import PDF_TEXT, Desk


def test_the_list_has_pages_of_twenty_five_newest_first(desk: Desk) -> None:
    for number in range(27):
        desk.create(name=f"Doc {number}")

    first, second = desk.call("GET", "docs/?page=1"), desk.call("GET", "docs/?page=2")

    assert (first["count"], len(first["results"]), first["previous"]) == (27, 25, None)
    assert [one["name"] for one in second["results"]] == ["Doc 1", "Doc 0"]
    assert (second["next"], second["previous"]) == (None, "https://lacre.test/api/v1/docs/?page=1")
    assert first["results"][0].keys() == {
        "open_id", "token", "status", "name", "original_file", "signed_file", "created_at", "last_update_at",
        "created_through", "deleted", "external_id", "folder_path",
    }  # fmt: skip


@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "9" * 30, "٣"])
def test_a_page_that_is_not_there_is_404(desk: Desk, page: str) -> None:
    assert desk.refused("GET", "docs/", params={"page": page}) == (404, {"detail": "Página inválida."})


def test_the_list_is_narrowed_by_its_filters(desk: Desk) -> None:
    first = desk.create(name="Um", folder_path="/A", signers=[{"name": "B", "email": "b@x.test"}])
    second = desk.create(name="Dois")
    desk.call("DELETE", f"docs/{second['token']}/")

    def names(query: str) -> list[str]:
        return [one["name"] for one in desk.call("GET", f"docs/?{query}")["results"]]

    assert names("folder_path=/A") == ["Um"]
    assert names("signer_email=b@x.test") == ["Um"]
    assert (names("deleted=true"), names("deleted=false")) == (["Dois"], ["Um"])
    assert (names("status=pending"), names("status=signed")) == (["Dois", "Um"], [])
    assert names("sort_order=asc") == ["Um", "Dois"]
    assert (names("created_from=2031-01-01"), names("created_to=2020-01-01")) == ([], [])
    assert first["status"] == "pending"


def test_the_list_shows_signers_in_its_other_words_when_asked(desk: Desk) -> None:
    desk.create(signers=[{"name": "Bruno", "phone_number": "11"}])

    item = desk.call("GET", "docs/?include_signers=yes")["results"][0]

    assert item["external_id"] is None
    assert (item["signers"][0]["status"], item["signers"][0]["email"]) == ("nao_abriu", None)


@pytest.mark.parametrize("query", ["status=feito", "created_from=ontem", "created_to=2026-99-01"])
def test_a_filter_that_means_nothing_is_refused(desk: Desk, query: str) -> None:
    assert desk.refused("GET", f"docs/?{query}")[0] == 400


def test_name_folder_and_limit_can_be_changed(desk: Desk) -> None:
    made = desk.create()
    said = {"name": "Novo", "folder_path": "/B", "date_limit_to_sign": "2026-12-25"}

    assert desk.call("PUT", f"docs/{made['token']}/", said) == {
        "message": "Documento atualizado corretamente"
    }

    kept = desk.envelope(made["token"])
    assert (kept.title, kept.options.folder) == ("Novo", "/B")
    assert kept.expires_at is not None


def test_a_deleted_document_stays_readable_and_can_be_deleted_again(desk: Desk) -> None:
    made = desk.create()

    deleted = desk.call("DELETE", f"docs/{made['token']}/")
    again = desk.call("DELETE", f"docs/{made['token']}/")

    assert (deleted["deleted"], deleted["status"]) == (True, "pending")
    assert again["deleted_at"] == deleted["deleted_at"]
    assert desk.call("GET", f"docs/{made['token']}/")["deleted"] is True
    assert desk.event_types(made["token"]).count(events.ENVELOPE_DELETED) == 1


def test_nothing_changes_any_more_in_a_deleted_document(desk: Desk) -> None:
    made = desk.create()
    token, signer = made["token"], made["signers"][0]["token"]
    desk.call("DELETE", f"docs/{token}/")

    for method, path, said in (
        ("POST", f"docs/{token}/add-signer/", {"name": "D"}),
        ("POST", f"signers/{signer}/", {"name": "D"}),
        ("DELETE", f"signer/{signer}/remove/", {}),
        ("PUT", f"docs/{token}/", {"name": "D"}),
        ("POST", f"docs/{token}/place-signatures/", {"rubricas": []}),
    ):
        assert desk.refused(method, path, said)[0] == 400


def test_the_signed_file_appears_with_the_first_signature(desk: Desk) -> None:
    made = desk.create()

    desk.sign(made["token"], 0)

    read = desk.call("GET", f"docs/{made['token']}/")
    assert (read["status"], read["signers"][0]["status"]) == ("pending", "signed")
    assert read["signed_file"].startswith("https://lacre.test/files/")


def test_only_the_finished_file_appears_when_so_asked(desk: Desk) -> None:
    made = desk.create(signed_file_only_finished=True)

    desk.sign(made["token"], 0)
    before = desk.call("GET", f"docs/{made['token']}/")
    desk.sign(made["token"], 1)
    after = desk.call("GET", f"docs/{made['token']}/")

    assert (before["signed_file"], after["status"]) == (None, "signed")
    assert after["signed_file"] is not None
    assert after["signature_report"] is not None


def test_cancelling_refuses_the_document(desk: Desk) -> None:
    made = desk.create()
    said = {"doc_token": made["token"], "rejected_reason": "Desfeito"}

    assert desk.call("POST", "refuse/", said) == {"message": "Documento cancelado com sucesso!"}

    read = desk.call("GET", f"docs/{made['token']}/")
    assert (read["status"], read["rejected_reason"]) == ("refused", "Desfeito")


def test_a_reason_that_is_too_long_is_named(desk: Desk) -> None:
    said = {"doc_token": desk.create()["token"], "rejected_reason": "x" * 2_001}

    status, why = desk.refused("POST", "refuse/", said)

    assert (status, list(why["data"])) == (400, ["rejected_reason"])


def test_cancelling_says_no_with_its_own_codes(desk: Desk) -> None:
    done, gone, pending = desk.create(), desk.create(), desk.create()
    for position in (0, 1):
        desk.sign(done["token"], position)
    desk.call("POST", "refuse/", {"doc_token": gone["token"], "rejected_reason": "x"})

    def code(said: object, **more: object) -> tuple[int, str]:
        status, why = desk.refused("POST", "refuse/", said, **more)
        return status, why["error"]

    reason = {"rejected_reason": "x"}
    assert code(reason) == (400, "missing_doc_token")
    assert code({"doc_token": pending["token"]}) == (400, "missing_rejected_reason")
    assert code({"doc_token": ["x"], **reason}) == (400, "missing_doc_token")
    assert code({"doc_token": pending["token"], "rejected_reason": {}}) == (400, "missing_rejected_reason")
    assert code([]) == (400, "invalid_json")
    assert code({"doc_token": done["token"], **reason}) == (403, "document_already_signed")
    assert code({"doc_token": gone["token"], **reason}) == (403, "document_already_refused")
    assert code({"doc_token": "nada", **reason}) == (404, "document_not_found")
    assert code({"doc_token": pending["token"], **reason}, headers={"User-Agent": ""}) == (
        403,
        "missing_user_agent",
    )


def test_an_extra_document_has_its_own_token_number_and_short_form(desk: Desk) -> None:
    made = desk.create()

    extra = desk.call(
        "POST", f"docs/{made['token']}/upload-extra-doc/", {"name": "Anexo", "base64_pdf": PDF_TEXT}
    )

    assert (extra["open_id"], extra["name"], extra["signed_file"]) == (2, "Anexo", None)
    short = desk.call("GET", f"docs/{extra['token']}/")
    assert short.keys() == {"open_id", "token", "name", "original_file", "signed_file", "parent_doc_token"}
    assert short["parent_doc_token"] == made["token"]
    listed = desk.call("GET", f"docs/{made['token']}/")["extra_docs"]
    assert [(one["token"], one["open_id"]) for one in listed] == [(extra["token"], 2)]


def test_an_extra_document_takes_no_extra_document(desk: Desk) -> None:
    made = desk.create()
    said = {"name": "Anexo", "base64_pdf": PDF_TEXT}
    extra = desk.call("POST", f"docs/{made['token']}/upload-extra-doc/", said)

    assert desk.refused("POST", f"docs/{extra['token']}/upload-extra-doc/", said)[0] == 404


def test_no_document_is_added_once_somebody_signed(desk: Desk) -> None:
    made = desk.create()
    desk.sign(made["token"], 0)

    said = {"name": "Anexo", "base64_pdf": PDF_TEXT}
    status, why = desk.refused("POST", f"docs/{made['token']}/upload-extra-doc/", said)

    assert (status, "primeira assinatura" in why["detail"]) == (400, True)


def test_placing_signatures_replaces_all_earlier_places(desk: Desk) -> None:
    desk.installation.shelf.files["https://ped.test/a.pdf"] = contract_pdf(anchor="<<b>>")
    anchored = {"name": "B", "signature_placement": "<<b>>"}
    made = desk.create(base64_pdf="", url_pdf="https://ped.test/a.pdf", signers=[anchored])
    place = {
        "page": 0,
        "relative_position_bottom": 42.5,
        "relative_position_left": 65.71,
        "relative_size_x": 19.55,
        "relative_size_y": 9.42,
        "signer_token": made["signers"][0]["token"],
    }

    said = {"rubricas": [place, place | {"type": "visto", "page": 1}]}
    desk.call("POST", f"docs/{made['token']}/place-signatures/", said)

    fields = desk.envelope(made["token"]).fields
    assert [(one.kind, one.place.page, one.place.left) for one in fields] == [
        (FieldKind.SIGNATURE, 0, 65.71),
        (FieldKind.INITIALS, 1, 65.71),
    ]
    desk.call("POST", f"docs/{made['token']}/place-signatures/", {"rubricas": []})
    assert desk.envelope(made["token"]).fields == []


@pytest.mark.parametrize(
    "change",
    [{"relative_size_x": 60}, {"page": 99}, {"signer_token": "x"}, {"type": "selo"}, {"page": -1}],
)
def test_a_place_that_cannot_be_is_refused(desk: Desk, change: dict[str, object]) -> None:
    made = desk.create()
    place = {
        "page": 0,
        "relative_position_bottom": 42.5,
        "relative_position_left": 65.71,
        "relative_size_x": 19.55,
        "relative_size_y": 9.42,
        "signer_token": made["signers"][0]["token"],
    }

    assert (
        desk.refused("POST", f"docs/{made['token']}/place-signatures/", {"rubricas": [place | change]})[0]
        == 400
    )


def test_a_folders_token_names_it_when_the_next_document_comes(desk: Desk, stranger: Desk) -> None:
    first = desk.create(folder_path="/Contratos/2026/")

    second = desk.create(folder_token=first["folder_token"], folder_path="/Outra/")

    assert second["folder_path"] == "/Contratos/2026/"
    assert desk.create()["folder_token"] is None
    said = {"name": "x", "folder_token": first["folder_token"]}
    assert desk.call("PUT", f"docs/{desk.create()['token']}/", said)
    assert desk.call("GET", "docs/?folder_path=Contratos/2026")["count"] == 3
    theirs = stranger.create()
    assert stranger.refused("PUT", f"docs/{theirs['token']}/", said) == (404, {"detail": "Não encontrado."})


def test_a_folder_of_six_levels_is_refused(desk: Desk) -> None:
    said = {"name": "x", "base64_pdf": PDF_TEXT, "signers": [{"name": "B"}], "folder_path": "/1/2/3/4/5/6/"}

    status, why = desk.refused("POST", "docs/", said)

    assert (status, "5 níveis" in why["detail"]) == (400, True)


def test_documents_are_shown_in_the_order_that_is_asked_for_and_the_main_one_stays_it(desk: Desk) -> None:
    made = desk.create()
    said = {"name": "Anexo", "base64_pdf": PDF_TEXT}
    extra = desk.call("POST", f"docs/{made['token']}/upload-extra-doc/", said)
    main = desk.envelope(made["token"]).documents[0].id

    order = {"document_display_order": [extra["token"].upper(), made["token"]]}
    answer = desk.call("PUT", f"docs/{made['token']}/document-display-order/", order)

    assert answer == {"message": "Documento atualizado corretamente"}
    assert [one.id for one in desk.envelope(made["token"]).documents] == [extra["token"], main]
    read = desk.call("GET", f"docs/{made['token']}/")
    assert main in read["original_file"]
    assert [one["token"] for one in read["extra_docs"]] == [extra["token"]]


@pytest.mark.parametrize("order", [[], ["x"], ["{main}"], ["{main}", "{main}"]])
def test_an_order_that_leaves_a_document_out_is_refused(desk: Desk, order: list[str]) -> None:
    made = desk.create()
    desk.call("POST", f"docs/{made['token']}/upload-extra-doc/", {"name": "A", "base64_pdf": PDF_TEXT})

    said = {"document_display_order": [one.format(main=made["token"]) for one in order]}

    assert desk.refused("PUT", f"docs/{made['token']}/document-display-order/", said)[0] == 400


def test_who_owns_the_account_created_what_nobody_else_is_named_for(desk: Desk) -> None:
    nobody = desk.create()
    owner, other = desk.user("dona@created.test"), desk.user("outro@created.test")

    assert nobody["created_by"] == {"email": ""}
    assert desk.create()["created_by"] == {"email": owner.email}
    assert desk.create(created_by="OUTRO@created.test")["created_by"] == {"email": other.email}
    assert desk.create(created_by="estranho@x.test")["created_by"] == {"email": owner.email}


def test_an_expired_document_goes_on_with_a_later_limit(desk: Desk) -> None:
    made = desk.create(date_limit_to_sign="2030-01-02")
    desk.change(made["token"], _expired)

    desk.call("PUT", f"docs/{made['token']}/", {"date_limit_to_sign": "2031-01-02", "name": "Novo"})

    kept = desk.envelope(made["token"])
    assert (kept.status, kept.title) == (EnvelopeStatus.PENDING, "Novo")
    assert kept.expires_at == datetime(2031, 1, 3, 2, 59, 59, 999999, tzinfo=UTC)


def test_an_expired_document_can_be_cancelled(desk: Desk) -> None:
    made = desk.create(date_limit_to_sign="2030-01-02")
    desk.change(made["token"], _expired)

    desk.call("POST", "refuse/", {"doc_token": made["token"], "rejected_reason": "Desfeito"})

    assert desk.call("GET", f"docs/{made['token']}/")["status"] == "refused"


def _expired(envelope: Envelope) -> list[Happened]:
    return envelope.expire(now=datetime(2030, 1, 4, tzinfo=UTC))


def test_an_extra_document_is_renamed_by_its_token_and_no_other_is(desk: Desk) -> None:
    token = desk.create()["token"]
    said = {"name": "Anexo", "base64_pdf": PDF_TEXT}
    extra = desk.call("POST", f"docs/{token}/upload-extra-doc/", said)["token"]

    desk.call("PUT", f"docs/{token}/", {"extra_docs": [{"token": extra.upper(), "name": "Anexo B"}]})
    stranger = {"extra_docs": [{"token": new_uuid(), "name": "Anexo C"}], "name": "Outro"}
    refused = desk.refused("PUT", f"docs/{token}/", stranger)

    read = desk.call("GET", f"docs/{token}/")
    assert ([one["name"] for one in read["extra_docs"]], read["name"]) == (["Anexo B"], "Locação")
    assert refused == (404, {"detail": "Não encontrado."})
