"""Companies, customers, schemas and items: made from JSON, forms and files, listed, changed, deleted."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.support.fastnotas_desk import CERTIFICATE, CNPJ, CPF, FiscalDesk, Installation, Shop


def test_a_customer_comes_as_a_form_as_their_page_shows_it(desk: FiscalDesk) -> None:
    answer = desk.ask(
        "POST",
        "customers",
        data={
            "name": "Carolina",
            "registry_code": "529.982.247-25",
            "email": "exemplo@gmail.com",
            "external_code": "400",
            "address[street]": " Rua Doutor Diogo de Faria",
            "address[number]": "775",
            "address[additional_details]": "Cj. 123",
            "address[zipcode]": "04037-003",
            "address[neighborhood]": "Vila Mariana",
            "address[city]": "São Paulo",
            "address[state]": "SP",
            "phone[phone_type]": "landline",
            "phone[number]": "12345678",
            "phone[area_code]": "11",
            "phone[country_code]": "55",
        },
    )

    said = answer.json()
    assert answer.status_code == 201
    assert (said["registry_code"], said["status"], said["external_code"]) == (CPF, "active", "400")
    assert said["address"] | {"id": ""} == {
        "id": "", "neighborhood": "Vila Mariana", "street": "Rua Doutor Diogo de Faria", "number": "775",
        "additional_details": "Cj. 123", "zipcode": "04037003", "city": "São Paulo", "state": "SP",
        "country": "BR", "city_code": None,
    }  # fmt: skip
    assert said["phone"] | {"id": ""} == {
        "id": "", "phone_type": "landline", "country_code": "55", "area_code": "11", "extension": None,
        "number": "12345678", "company_id": None,
    }  # fmt: skip


def test_a_schema_comes_as_a_form_with_its_certificate(shop: Shop) -> None:
    fields = {
        "name": "NFS-e",
        "code": "NFS-e",
        "type": "Invoice::Nfse",
        "serie": "7",
        "sequence": "100",
        "credentials[password]": "segredo",
        "parameters[municipal_registration]": "12211",
    }

    answer = shop.desk.ask(
        "POST", "document_schemas", data=fields, files={"credentials[certificate]": ("a1.pfx", CERTIFICATE)}
    )

    said = answer.json()
    assert answer.status_code == 201, said
    assert (said["type"], said["serie"], said["sequence"]) == ("Invoice::Nfse", "7", 100)
    assert said["credentials"]["certificate"] == said["credentials"]["password"] == "[FILTERED]"
    assert said["parameters"] == {"municipal_registration": "12211"}
    assert shop.order(document_schema_id=said["id"])["sequence"] == 100


def test_a_certificate_that_does_not_open_says_why(desk: FiscalDesk) -> None:
    desk.company()

    status, said = desk.refused(
        "POST",
        "document_schemas",
        {
            "name": "x", "code": "x", "type": "Invoice::Nfse",
            "credentials": {"certificate": "YWJj", "password": "wrong"},
        },
    )  # fmt: skip

    assert (status, [*said["errors"].values()]) == (422, [["a senha não abre o certificado"]])


def test_an_items_change_is_answered_with_an_array(shop: Shop) -> None:
    answer = shop.desk.ask("PUT", f"items/{shop.item['id']}", data={"amount": "450"})

    (said,) = answer.json()
    assert said == {**shop.item, "amount": 450.0}
    assert said["setting"] == {"taxes": {"iss": "3.1"}, "parameters": {"service_code": "17.01.01"}}


def test_what_is_not_said_stays(shop: Shop) -> None:
    changed = shop.desk.call("PUT", f"customers/{shop.customer['id']}", {"address": {"number": "1"}})

    assert changed["address"] == {**shop.customer["address"], "number": "1"}
    assert changed["name"] == "Carolina"


@pytest.mark.parametrize("path", ["customers", "items", "document_schemas"])
def test_what_is_deleted_is_gone(shop: Shop, path: str) -> None:
    known = {"customers": shop.customer, "items": shop.item, "document_schemas": shop.schema}[path]

    answer = shop.desk.ask("DELETE", f"{path}/{known['id']}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert shop.desk.refused("GET", f"{path}/{known['id']}") == (404, {"error": "Recurso não encontrado."})


@pytest.mark.parametrize("code", ["11111111111", "123", "52998224724", "12ABC34501DE36"])
def test_a_registry_code_is_a_cpf_or_a_cnpj(desk: FiscalDesk, code: str) -> None:
    status, said = desk.refused(
        "POST",
        "customers",
        {"name": "x", "registry_code": code, "email": "x@x.test", "address": {"zipcode": "1", "number": "1"}},
    )

    assert (status, said) == (422, {"errors": {"registry_code": ["não é um CPF nem um CNPJ válido"]}})


def test_a_cnpj_may_have_letters(desk: FiscalDesk) -> None:
    assert desk.customer(registry_code="12.ABC.345/01DE-35")["registry_code"] == "12ABC34501DE35"


def test_what_is_missing_is_said_by_its_field(desk: FiscalDesk) -> None:
    status, said = desk.refused("POST", "customers", {"name": " ", "address": {"zipcode": "1"}})

    assert status == 422
    assert said["errors"] == {
        "name": ["não pode ficar em branco"],
        "registry_code": ["não pode ficar em branco"],
        "email": ["não pode ficar em branco"],
        "address.number": ["não pode ficar em branco"],
    }


@pytest.mark.parametrize(
    ("email", "why"),
    [("", "não pode ficar em branco"), ("a", "não é válido"), ("a b@x.test", "não é válido")],
)
def test_what_is_no_address_is_told_from_none(desk: FiscalDesk, email: str, why: str) -> None:
    body = {"name": "x", "registry_code": CPF, "email": email, "address": {"zipcode": "1", "number": "1"}}

    assert desk.refused("POST", "customers", body) == (422, {"errors": {"email": [why]}})


def test_a_country_is_one_of_those_that_there_are(desk: FiscalDesk) -> None:
    address = {"zipcode": "1", "number": "1", "country": "ZZ"}
    body = {"name": "x", "registry_code": "123", "email": "x@x.test", "address": address}

    status, said = desk.refused("POST", "customers", body)

    assert (status, [*said["errors"]]) == (422, ["address.country"])


def test_the_company_of_the_key_is_read(desk: FiscalDesk) -> None:
    assert desk.refused("GET", "company")[0] == 404
    made = desk.company()

    assert desk.call("GET", "company") == {**made, "api_key": "[FILTERED]"}
    # so spelt in the table of their page
    assert desk.call("GET", "campany") == desk.call("GET", "company")
    assert made["environment"] == "test"


def test_the_key_that_a_company_is_made_with_works(desk: FiscalDesk, installation: Installation) -> None:
    made = desk.company()

    assert installation.desk_of(made["api_key"]).call("GET", "company")["id"] == made["id"]


def test_a_partner_opens_companies_that_see_only_themselves(installation: Installation) -> None:
    partner = installation.desk(opens_accounts=True)
    mine = partner.company()
    theirs = partner.company(name="Cliente", registry_code="00000000000191")

    customer = installation.desk_of(theirs["api_key"])

    assert [one["id"] for one in partner.call("GET", "companies")] == [theirs["id"], mine["id"]]
    assert [one["id"] for one in customer.call("GET", "companies")] == [theirs["id"]]
    assert partner.call("GET", f"companies/{theirs['id']}")["name"] == "Cliente"
    assert customer.refused("GET", f"companies/{mine['id']}")[0] == 404


def test_who_is_no_partner_opens_one_company_and_no_more(desk: FiscalDesk) -> None:
    desk.company()
    body = {"name": "Outra", "email": "a@x.test", "registry_code": CNPJ}

    assert desk.refused("POST", "companies", body)[0] == 422


def test_lists_come_in_pages_that_their_headers_count(desk: FiscalDesk) -> None:
    made = [desk.customer(name=f"Cliente {number}") for number in range(3)]

    first = desk.ask("GET", "customers?per_page=2")
    second = desk.ask("GET", "customers/?per_page=2&page=2")

    headers = ("Current-Page", "Total-Pages", "Per-Page")
    assert [first.headers[name] for name in headers] == ["1", "2", "2"]
    assert [second.headers[name] for name in headers] == ["2", "2", "2"]
    assert [one["id"] for one in first.json() + second.json()] == [one["id"] for one in reversed(made)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name:joão", ["João Ávila"]),
        ("name:JOAO", ["João Ávila"]),
        ("email:gmail.com", ["Maria Lima"]),
        ("registry_code:529.982", ["João Ávila", "Maria Lima"]),
        ("-status:inactive AND (name:maria OR name:joão)", ["João Ávila", "Maria Lima"]),
        ("NOT (name:maria)", ["João Ávila"]),
        ("name=maria lima", ["Maria Lima"]),
        ('name="Maria Lima" or name:nobody', ["Maria Lima"]),
        ("created_at>2026-01-01 and created_at<=2026-11-24", ["João Ávila", "Maria Lima"]),
        ("created_at<2026-11-23", []),
        ("name:%", []),
        ('name:"\' OR 1=1 --"', []),
    ],
)
def test_a_list_is_narrowed_by_a_query(desk: FiscalDesk, query: str, found: list[str]) -> None:
    desk.customer(name="Maria Lima", email="maria@gmail.com")
    desk.customer(name="João Ávila", email="joao@x.test")

    said = desk.call("GET", f"customers?query={quote(query)}")

    assert sorted(one["name"] for one in said) == found


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ("amount>=49.90", [49.9, 345.5]),
        ("amount=49.9", [49.9]),
        ("amount>49.9", [345.5]),
        ("amount<49.905", [49.9]),
        ("amount=49.905", []),
        ("sequence=2", [345.5]),
        ("serie=fastn AND status:processing", [49.9, 345.5]),
        ("NOT sequence>1", [49.9]),
    ],
)
def test_documents_are_found_by_amount_and_number(shop: Shop, query: str, amounts: list[float]) -> None:
    shop.order()
    shop.order(document_items=[{"item_id": shop.item["id"]}])

    said = shop.desk.call("GET", f"documents?query={quote(query)}")

    assert sorted(one["amount"] for one in said) == amounts


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("name", "posição 5: esperava um dos operadores : = > >= < <="),
        ("secret=1", "posição 1: não há o campo secret"),
        ("(name:a", "posição 8: falta fechar um parêntese"),
        ("name:a)", "posição 7: esperava AND, OR ou o fim"),
        ("created_at>ontem", "posição 12: created_at não é uma data: ontem"),
        ("status>active", "posição 8: status só se compara com : e ="),
        ("(" * 30 + "name:a", "posição 22: até 20 grupos dentro de outros"),
    ],
)
def test_a_query_that_cannot_be_understood_says_where(desk: FiscalDesk, query: str, why: str) -> None:
    status, said = desk.refused("GET", f"customers?query={quote(query)}")

    assert status == 422
    assert said["errors"]["query"][0].startswith(why)


def test_items_of_a_schema_are_listed(shop: Shop) -> None:
    said = shop.desk.call("GET", f"document_schemas/{shop.schema['id']}/items?query=name:consult")

    assert [one["id"] for one in said] == [shop.item["id"]]


def test_a_sequence_can_be_raised_and_not_lowered(shop: Shop) -> None:
    shop.order()
    path = f"document_schemas/{shop.schema['id']}"
    shop.desk.call("PUT", path, {"sequence": 50})

    assert shop.order()["sequence"] == 50
    assert shop.desk.refused("PUT", path, {"sequence": 3})[0] == 422
