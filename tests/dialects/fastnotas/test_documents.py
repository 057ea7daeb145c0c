"""Documents in Fast Notas' words: ordered, issued, rejected, waiting, failed, canceled, printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lacre.fiscal.note import Withheld
from lacre.fiscal.particulars import Suspension
from lacre.fiscal.persons import ForeignAddress, ForeignTaxId
from lacre.fiscal.ports import CertificateRefused, Unreachable
from tests.support.fastnotas_desk import FiscalDesk, Shop
from tests.support.tax_office import rejected

AT_ORDER = {
    "id", "company_id", "amount", "sequence", "serie", "status", "issue_on", "print_url", "last_operation",
    "document_items", "customer", "document_schema",
}  # fmt: skip


def test_an_order_is_answered_with_the_document_in_an_array(shop: Shop) -> None:
    answer = shop.desk.ask("POST", "documents", json=shop.document())

    (made,) = answer.json()
    assert answer.status_code == 201
    assert made.keys() == AT_ORDER
    assert (made["status"], made["sequence"], made["serie"], made["amount"], made["issue_on"]) == (
        "processing", 1, "FASTN", 49.9, "2026-11-23",
    )  # fmt: skip
    last = made["last_operation"]
    assert (last["operation_type"], last["status"]) == ("issue", "processing")
    assert last["last_transaction"]["messages"] is None
    assert last["last_transaction"]["response_fields"] is None
    assert made["document_items"][0]["settings"]["parameters"] == {"service_code": "17.01.01"}
    assert made["document_schema"]["credentials"]["certificate"] == "[FILTERED]"


def test_it_is_issued_and_told_step_by_step(shop: Shop) -> None:
    issued = shop.issued()

    assert issued["status"] == "success"
    fields = issued["last_operation"]["last_transaction"]["response_fields"]
    assert (len(fields["chave_acesso"]), fields["numero"]) == (50, "1")
    assert shop.desk.told() == [
        "document_processing", "operation_processing", "asset_avaliable",
        "document_success", "operation_success", "asset_avaliable", "asset_avaliable",
    ]  # fmt: skip


def test_its_files_are_listed_and_downloaded(shop: Shop) -> None:
    issued = shop.issued()

    assets = shop.desk.call("GET", f"documents/{issued['id']}/assets")
    files = {one["type"]: shop.desk.ask("GET", f"assets/{one['id']}/download") for one in assets}

    assert {one["status"] for one in assets} == {"available"}
    assert files["Asset::XmlRequest"].content.startswith(b"<DPS")
    assert files["Asset::XmlResponse"].headers["content-type"] == "application/xml"
    assert files["Asset::Print"].content.startswith(b"%PDF")


def test_only_the_files_that_are_asked_for_are_listed(shop: Shop) -> None:
    issued = shop.issued()

    found = shop.desk.call("GET", f"documents/{issued['id']}/assets?query=type:xml AND status=available")

    assert {one["type"] for one in found} == {"Asset::XmlRequest", "Asset::XmlResponse"}


def test_what_the_tax_office_refuses_is_rejected_with_its_words(shop: Shop) -> None:
    shop.desk.office.answers = [rejected()]
    made = shop.order()
    shop.desk.work()

    found = shop.read(made)

    last = found["last_operation"]["last_transaction"]
    assert (found["status"], found["sequence"], last["status"]) == ("rejected", None, "rejected")
    assert last["messages"] == [
        {"code": "E0625", "message": "Alíquota inválida", "correction": "Confira a alíquota."}
    ]
    assert shop.desk.told()[-3:] == ["document_rejected", "operation_rejected", "asset_avaliable"]


def test_who_does_not_answer_is_waited_for(shop: Shop) -> None:
    shop.desk.office.answers = ["lost"]
    shop.order()
    shop.desk.work()

    told = shop.desk.told()

    assert told.index("document_waiting") < told.index("document_success")
    assert len(shop.desk.office.notes) == 1


def test_a_certificate_that_is_not_taken_is_an_error(shop: Shop) -> None:
    shop.desk.office.answers = [CertificateRefused(reason="revoked")]
    made = shop.order()
    shop.desk.work()

    assert shop.read(made)["status"] == "error"
    assert shop.desk.told()[-2:] == ["document_error", "operation_error"]


def test_a_delete_cancels_and_the_document_stays_success(shop: Shop) -> None:
    issued = shop.issued()

    (asked,) = shop.desk.call("DELETE", f"documents/{issued['id']}")
    shop.desk.work()

    found = shop.read(issued)
    assert asked["last_operation"]["operation_type"] == "cancel"
    assert (found["status"], found["last_operation"]["status"]) == ("success", "success")
    assert "document_canceled" in shop.desk.told()
    assert shop.desk.refused("DELETE", f"documents/{issued['id']}") == (
        422,
        {"errors": {"base": ["O documento já foi cancelado, ou está sendo."]}},
    )


def test_what_is_not_issued_cannot_be_canceled(shop: Shop) -> None:
    shop.desk.office.answers = [Unreachable(reason="nobody")]
    made = shop.order()

    status, said = shop.desk.refused("DELETE", f"documents/{made['id']}")

    assert (status, said["errors"]["base"]) == (422, ["Só um documento emitido pode ser cancelado."])


def test_the_print_is_a_preview_until_the_paper_is_there(shop: Shop) -> None:
    made = shop.order()
    before = shop.desk.ask("GET", f"documents/{made['id']}/print").content
    shop.desk.work()
    after = shop.desk.ask("GET", f"documents/{made['id']}/print").content

    assert before.startswith(b"%PDF-1.7 preview")
    assert after.startswith(b"%PDF-1.7 <NFSe")


def test_the_print_url_needs_no_key(shop: Shop) -> None:
    issued = shop.issued()
    path = issued["print_url"].removeprefix("https://lacre.test")

    with_link = shop.desk.client.get(path, headers={"Authorization": ""})
    without = shop.desk.client.get(path.partition("?")[0], headers={"Authorization": ""})

    assert (with_link.status_code, without.status_code) == (200, 401)


def test_operations_and_transactions_are_read_by_their_ids(shop: Shop) -> None:
    issued = shop.issued()
    (operation,) = shop.desk.call("GET", f"documents/{issued['id']}/operations")

    read = shop.desk.call("GET", f"operations/{operation['id']}")
    (exchange,) = shop.desk.call("GET", f"operations/{operation['id']}/transactions")

    assert read == operation
    assert operation["document"]["last_operation"]["id"] == operation["id"]
    assert shop.desk.call("GET", f"transactions/{exchange['id']}") == exchange


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"document_schema_id": None}, "document_schema_id"),
        ({"document_items": []}, "document_items"),
        ({"document_items": [{"amount": "1"}]}, "document_items.0.item_id"),
        ({"issue_on": "ontem"}, "issue_on"),
    ],
)
def test_what_is_wrong_with_an_order_is_said_by_its_field(
    shop: Shop, changed: dict[str, object], field: str
) -> None:
    status, said = shop.desk.refused("POST", "documents", shop.document(**changed))

    assert (status, [*said["errors"]]) == (422, [field])


@pytest.mark.parametrize("amount", ["0", "-1", "1.001", "muito", "NaN", "1e400"])
def test_an_amount_is_money(shop: Shop, amount: str) -> None:
    line = {"item_id": shop.item["id"], "amount": amount}

    status, said = shop.desk.refused("POST", "documents", shop.document(document_items=[line]))

    assert (status, [*said["errors"]]) == (422, ["document_items.0.amount"])


def test_what_cannot_be_a_note_is_refused_at_once_and_takes_no_number(shop: Shop) -> None:
    line = {"item_id": shop.item["id"], "settings": {"parameters": {"service_code": "123"}}}

    status, said = shop.desk.refused("POST", "documents", shop.document(document_items=[line]))

    assert (status, said) == (422, {"errors": {"service.national_code": ["Escreva seis dígitos."]}})
    assert shop.order()["sequence"] == 1


def test_nobody_sees_another_company_s(shop: Shop, stranger: FiscalDesk) -> None:
    issued = shop.issued()
    operation = issued["last_operation"]["id"]
    exchange = issued["last_operation"]["last_transaction"]["id"]
    asset = shop.desk.call("GET", f"documents/{issued['id']}/assets")[0]["id"]

    for method, path in [
        ("GET", f"documents/{issued['id']}"),
        ("DELETE", f"documents/{issued['id']}"),
        ("GET", f"documents/{issued['id']}/print"),
        ("GET", f"documents/{issued['id']}/operations"),
        ("GET", f"documents/{issued['id']}/assets"),
        ("GET", f"operations/{operation}"),
        ("GET", f"operations/{operation}/transactions"),
        ("GET", f"transactions/{exchange}"),
        ("GET", f"assets/{asset}"),
        ("GET", f"assets/{asset}/download"),
        ("GET", f"companies/{shop.company['id']}"),
        ("GET", f"customers/{shop.customer['id']}"),
        ("DELETE", f"customers/{shop.customer['id']}"),
        ("GET", f"document_schemas/{shop.schema['id']}"),
        ("GET", f"document_schemas/{shop.schema['id']}/items"),
        ("GET", f"items/{shop.item['id']}"),
    ]:
        assert stranger.refused(method, path)[0] == 404, path
    for path in ("documents", "customers", "companies", "items", "document_schemas"):
        assert stranger.call("GET", path) == []


def test_a_customer_is_kept_as_they_were_when_the_document_was_ordered(shop: Shop) -> None:
    made = shop.order()

    shop.desk.call("PUT", f"customers/{shop.customer['id']}", {"name": "Outra"})

    assert shop.read(made)["customer"]["name"] == "Carolina"


# ── what only some say ───────────────────────────────────────────────────────


def test_works_and_deductions_are_said_as_parameters_with_fields_of_their_own(shop: Shop) -> None:
    parameters = {
        "service_code": "070202",
        "works": {"site": {"street": "Rua A", "number": 7, "neighborhood": "Sé", "postal_code": "01310100"}},
        "deduction_documents": [
            {"nfe_key": "1" * 44, "kind": 2, "issued_on": "2026-11-01", "deductible": 10, "deducted": "9.9"}
        ],
        "suspension": {"kind": "1", "process": "123"},
    }
    item = shop.desk.item(shop.schema, settings={"parameters": parameters})

    shop.order(document_items=[{"item_id": item["id"]}])

    note = shop.desk.office.built[-1]
    assert note.works is not None
    assert note.works.site is not None
    assert (note.works.site.number, note.amounts.documents[0].deducted) == ("7", Decimal("9.9"))
    assert note.iss.suspension == Suspension(kind="1", process="123")


def test_the_same_comes_as_a_form(shop: Shop) -> None:
    fields = {
        "document_schema_id": shop.schema["id"],
        "customer_id": shop.customer["id"],
        "document_items[][item_id]": shop.item["id"],
        "document_items[][settings][parameters][occasion][name]": "Feira",
        "document_items[][settings][parameters][occasion][starts_on]": "2026-11-20",
        "document_items[][settings][parameters][occasion][ends_on]": "2026-11-29",
        "document_items[][settings][parameters][occasion][code]": "77",
        "document_items[][settings][taxes][iss_withheld]": "true",
    }

    answer = shop.desk.ask("POST", "documents", data=fields)

    note = shop.desk.office.built[-1]
    assert answer.status_code == 201, answer.text
    assert note.occasion is not None
    assert (note.occasion.name, note.occasion.code, note.iss.withheld) == (
        "Feira",
        "77",
        Withheld.BY_CUSTOMER,
    )


def test_a_parameter_that_cannot_be_meant_is_named(shop: Shop) -> None:
    wrong = shop.document(document_items=[
        {"item_id": shop.item["id"], "settings": {"parameters": {"works": {"cno": "12"}}}}
    ])  # fmt: skip

    status, said = shop.desk.refused("POST", "documents", wrong)

    assert (status, [*said["errors"]]) == (422, ["works.cno"])


def test_who_is_abroad_is_known_by_their_number_there(shop: Shop) -> None:
    place = {
        "zipcode": "NY 10001", "number": "1", "street": "Main St", "neighborhood": "Downtown",
        "city": "New York", "state": "NY", "country": "US",
    }  # fmt: skip
    acme = shop.desk.customer(registry_code="12-3/US", address=place)
    trade = {"mode": "1", "link": "0", "currency": "220", "amount": "10"}
    item = {"item_id": shop.item["id"], "settings": {"parameters": {"trade": trade, "nbs": "115022000"}}}

    made = shop.order(customer_id=acme["id"], document_items=[item])

    customer = shop.desk.office.built[-1].customer
    assert (acme["registry_code"], made["customer"]["registry_code"]) == ("12-3/US", "12-3/US")
    assert customer is not None
    assert customer.tax_id == ForeignTaxId(number="12-3/US")
    assert isinstance(customer.address, ForeignAddress)
    assert customer.address.postal_code == "NY 10001"
