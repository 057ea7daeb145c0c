"""What invoices are made of, through our API: companies with their certificates, customers, services."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from lacre.kit.ids import ItemId
from tests.support.native_desk import Desk, uuid_of

CNPJ, BRANCH, CPF = "11222333000181", "11222333000262", "52998224725"
A1 = {"base64": b64encode(b"-----a certificate-----").decode(), "password": "segredo"}
COMPANY = {
    "name": "Papelaria Souza",
    "tax_id": "11.222.333/0001-81",
    "email": "notas@souza.test",
    "city_code": "4106902",
}
CUSTOMER = {"name": "Carolina", "tax_id": "529.982.247-25", "email": "carolina@x.test"}
ITEM = {
    "name": "Consultoria",
    "description": "Consultoria em papelaria",
    "amount": "345.50",
    "service_code": "170101",
}
Said = dict[str, Any]


@pytest.fixture
def company(desk: Desk) -> Said:
    made: Said = desk.call("POST", "companies", COMPANY | {"certificate": A1})
    return made


def test_a_company_with_its_certificate_can_issue_at_once(desk: Desk, company: Said) -> None:
    item = desk.call("POST", "items", ITEM)
    customer = desk.call("POST", "customers", CUSTOMER)

    said = {"customer_id": customer["id"], "lines": [{"item_id": item["id"]}]}
    invoice = desk.call("POST", "invoices", said)

    (schema,) = company["schemas"]
    assert (company["tax_id"], company["environment"], company["active"]) == (CNPJ, "test", True)
    assert (schema["series"], schema["certificate"]["tax_id"]) == ("1", CNPJ)
    assert (invoice["status"], invoice["amount"], invoice["number"]) == ("processing", "345.50", 1)
    assert (invoice["company"]["id"], invoice["customer"]["id"]) == (company["id"], customer["id"])


def test_no_answer_holds_a_key_or_a_password(desk: Desk, company: Said) -> None:
    shown = str(company) + str(desk.call("GET", "schemas")) + str(desk.call("GET", "companies"))

    assert "segredo" not in shown
    assert "certificate-----" not in shown


def test_a_certificate_may_come_as_a_file_of_a_form(desk: Desk) -> None:
    said = '{"name": "A", "tax_id": "11222333000181", "email": "a@x.test", "city_code": "4106902",'
    form = {"json": said + ' "certificate": {"upload": "a1", "password": "segredo"}}'}

    made = desk.call("POST", "companies", data=form, files={"a1": ("a1.pfx", b"-----a certificate-----")})

    assert made["schemas"][0]["certificate"]["name"] == "PAPELARIA SOUZA LTDA"


@pytest.mark.parametrize(
    ("certificate", "code", "pointer"),
    [
        ({**A1, "password": "wrong"}, "certificate_not_usable", "#/certificate"),
        ({"base64": "???"}, "certificate_not_usable", "#/certificate/base64"),
        ({"base64": b64encode(b"x" * 100_001).decode()}, "certificate_not_usable", "#/certificate/base64"),
        ({"upload": "nothing"}, "upload_missing", "#/certificate/upload"),
        ({"password": "x"}, "validation_failed", "#/certificate"),
    ],
)
def test_a_certificate_that_does_not_open_makes_no_company(
    desk: Desk, certificate: Said, code: str, pointer: str
) -> None:
    said = COMPANY | {"certificate": certificate}

    assert desk.refused("POST", "companies", said) == (422, code)
    assert desk.pointers("POST", "companies", said) == [pointer]
    assert desk.call("GET", "companies")["data"] == []


@pytest.mark.parametrize(
    "wrong",
    [{"tax_id": "1"}, {"city_code": "Curitiba"}, {"environment": "real"}, {"cnpj": CNPJ}, {"name": ""}],
)
def test_a_company_that_cannot_be_is_refused(desk: Desk, wrong: Said) -> None:
    assert desk.refused("POST", "companies", COMPANY | wrong) == (422, "validation_failed")


def test_a_second_company_of_a_cnpj_is_refused_in_one_environment(desk: Desk, company: Said) -> None:
    rehearsing = desk.call("POST", "companies", COMPANY | {"environment": "sandbox"})

    again = desk.refused("POST", "companies", COMPANY)
    moved = desk.refused("PATCH", f"companies/{rehearsing['id']}", {"environment": "test"})

    assert again == moved == (409, "company_known")
    assert desk.call("PATCH", f"companies/{company['id']}", {"name": "Souza"})["name"] == "Souza"


def test_a_company_is_changed_in_what_is_said(desk: Desk, company: Said) -> None:
    path = f"companies/{company['id']}"
    changed = desk.call("PATCH", path, {"phone": "41987654321", "simples": "3", "simples_regime": "1"})

    kept = {"phone": "41987654321", "simples": "3", "simples_regime": "1"}
    assert {name for name in company if company[name] != changed[name]} == {*kept, "updated_at"}
    assert desk.call("GET", path) == changed


def test_a_renewed_certificate_signs_for_every_document_type(desk: Desk, company: Said) -> None:
    desk.call("POST", "schemas", {"series": "2"})
    renewed = {**A1, "base64": b64encode(b"-----another-----").decode()}

    changed = desk.call("PUT", f"companies/{company['id']}/certificate", renewed)

    (before,) = {one["certificate"]["fingerprint"] for one in company["schemas"]}
    (after,) = {one["certificate"]["fingerprint"] for one in changed["schemas"]}
    assert (len(changed["schemas"]), before == after) == (2, False)


def test_a_company_without_a_certificate_cannot_issue_yet(desk: Desk) -> None:
    desk.call("POST", "companies", COMPANY)
    schema = desk.call(
        "POST", "schemas", {"name": "NFS-e", "parameters": {"municipal_registration": "12211"}}
    )
    line = {"description": "Consultoria", "amount": "1", "service_code": "170101"}
    said = {"customer": CUSTOMER, "lines": [line]}

    assert (schema["certificate"], schema["parameters"]) == (None, {"municipal_registration": "12211"})
    assert desk.refused("POST", "invoices", said) == (422, "certificate_missing")
    desk.call("PATCH", f"schemas/{schema['id']}", {"certificate": A1})
    assert desk.call("POST", "invoices", said)["number"] == 1


def test_numbers_can_be_raised_and_never_lowered(desk: Desk, company: Said) -> None:
    path = f"schemas/{company['schemas'][0]['id']}"

    raised = desk.call("PATCH", path, {"next_number": 78})

    assert raised["sequence"] == 78
    assert desk.refused("PATCH", path, {"next_number": 77}) == (409, "sequence_passed")


def test_of_several_companies_one_is_named(desk: Desk, company: Said) -> None:
    assert desk.call("POST", "schemas", {"series": "3"})["company_id"] == company["id"]
    desk.call("POST", "companies", COMPANY | {"tax_id": BRANCH})

    assert desk.refused("POST", "schemas", {"series": "4"}) == (422, "company_missing")


def test_a_customer_is_known_by_cpf_or_cnpj(desk: Desk) -> None:
    first = desk.call("POST", "customers", CUSTOMER | {"external_id": "400"})
    again = desk.call("POST", "customers", CUSTOMER | {"name": "Carolina Souza"})

    assert (again["id"], again["name"], again["external_id"]) == (first["id"], "Carolina Souza", "400")
    for query in ({"text": "SOUZA"}, {"tax_id": "529.982.247-25"}, {"external_id": "400"}):
        assert [one["id"] for one in desk.call("GET", "customers", params=query)["data"]] == [first["id"]]
    assert desk.call("GET", "customers", params={"text": "Bruno"})["data"] == []


def test_a_customer_is_changed_and_deleted(desk: Desk) -> None:
    path = f"customers/{desk.call('POST', 'customers', CUSTOMER)['id']}"
    place = {
        "street": "Rua XV", "number": "1", "neighborhood": "Centro", "city_code": "4106902",
        "postal_code": "80420-000",
    }  # fmt: skip

    changed = desk.call("PATCH", path, {"address": place, "active": False})
    desk.call("DELETE", path)

    assert (changed["address"]["postal_code"], changed["active"]) == ("80420000", False)
    assert desk.refused("GET", path) == (404, "not_found")


def test_a_service_is_changed_in_what_is_said_and_deleted(desk: Desk, company: Said) -> None:
    made = desk.call("POST", "items", ITEM | {"parameters": {"nbs": "114064000"}})
    path = f"items/{made['id']}"

    changed = desk.call("PATCH", path, {"amount": "400", "parameters": {"iss_withheld": "true"}})
    listed = desk.call("GET", "items", params={"text": "consul"})["data"]
    desk.call("DELETE", path)

    assert made["schema_id"] == company["schemas"][0]["id"]
    assert (changed["amount"], changed["service_code"]) == ("400.00", "170101")
    assert changed["parameters"] == {"nbs": "114064000", "iss_withheld": "true"}
    assert listed == [changed]
    assert desk.call("GET", "items")["data"] == []


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("what", ["companies", "schemas", "customers", "items"])
def test_nobody_sees_what_another_account_has(desk: Desk, what: str) -> None:
    desk.call("POST", "items", ITEM)
    desk.call("POST", "customers", CUSTOMER)
    stranger, (one,) = desk.installation.desk(), desk.call("GET", what)["data"]

    assert stranger.call("GET", what)["data"] == []
    for method in ("GET", "PATCH", "DELETE"):
        said: Said | None = {} if method == "PATCH" else None
        assert stranger.refused(method, f"{what}/{one['id']}", said) == (404, "not_found")


@pytest.mark.parametrize(("what", "said"), [("companies", COMPANY), ("customers", CUSTOMER)])
def test_the_same_request_does_its_work_once(desk: Desk, what: str, said: Said) -> None:
    first, again = (desk.ask("POST", what, said, headers={"Idempotency-Key": "once"}) for _ in range(2))

    assert first.json() == again.json()
    assert len(desk.call("GET", what)["data"]) == 1


def test_lists_are_turned_by_the_page(desk: Desk) -> None:
    codes = ("11222333000181", "11444777000161", "12ABC34501DE35")
    made = [desk.call("POST", "companies", COMPANY | {"tax_id": code})["id"] for code in codes]

    first = desk.call("GET", "companies", params={"limit": 2})
    second = desk.call("GET", "companies", params={"limit": 2, "cursor": first["next"]})

    assert {one["id"] for one in (*first["data"], *second["data"])} == {*made}
    assert second["next"] is None


@pytest.mark.usefixtures("company")
def test_what_another_dialect_said_in_groups_is_shown_and_outlives_a_change(
    desk: Desk,
) -> None:
    works = {"code": "12.345"}
    made = desk.call("POST", "items", ITEM)
    with desk.services.open_work() as work:
        item = work.books.items.get(desk.account_id, ItemId(uuid_of("itm", made["id"])))
        item.settings = {"parameters": {"service_code": "070202", "works": works}}
        work.books.items.save(item)

    changed = desk.call("PATCH", f"items/{made['id']}", {"parameters": {"nbs": "115022000"}})

    assert changed["parameters"] == {"works": works, "nbs": "115022000"}
