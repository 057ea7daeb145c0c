"""How a webhook's receiver lets us in, and how it is asked: chosen in the console, with no secret shown."""

from __future__ import annotations

import pytest

from lacre.kit.ids import AccountId
from lacre.webhooks.authorization import Authorization, Basic, ClientCredentials, Fetched, Fixed
from lacre.webhooks.endpoint import Endpoint
from tests.support.certificates import Authority
from tests.support.deliveries import endpoint_of
from tests.support.house import House
from tests.support.visitor import Visitor, text_of

SECRET = "nobody-may-see-this"
ENDED = Authority().issue("lacre.test", days=-30).pem.decode()
FORM = ("Content-Type", "application/x-www-form-urlencoded")
TOKENS = "https://auth.example.test/token"


def kept(house: House, account: AccountId) -> Endpoint:
    with house.services.open_work() as work:
        return work.endpoints.of_account(account)[0]


@pytest.fixture
def page(house: House, account: AccountId) -> str:
    return f"/app/endpoints/{endpoint_of(house, account, dialect='native').id}"


WAYS: list[tuple[dict[str, str], Authorization, str]] = [
    (
        {"access": "fixed", "fixed_header": "X-Key", "fixed_value": SECRET},
        Fixed(header="X-Key", value=SECRET),
        "pelo cabeçalho X-Key",
    ),
    (
        {"access": "basic", "basic_user": "lacre", "basic_password": SECRET},
        Basic(user="lacre", password=SECRET),
        "como lacre (Basic)",
    ),
    (
        {
            "access": "fetched",
            "fetched_url": TOKENS,
            "fetched_method": "PUT",
            "fetched_headers": f"X-App: {SECRET}",
            "fetched_kind": "form",
            "fetched_body": f"user = lacre\nkey={SECRET}=",
            "token_path": "data.token",
            "token_header": "X-Token",
        },
        Fetched(
            url=TOKENS,
            method="PUT",
            headers=(FORM, ("X-App", SECRET)),
            body={"user": "lacre", "key": f"{SECRET}="},
            token_path="data.token",
            header="X-Token",
            prefix="",
        ),
        "por um token de auth.example.test",
    ),
    (
        {"access": "client_credentials", "client_url": TOKENS, "client_id": "me", "client_secret": SECRET},
        ClientCredentials(token_url=TOKENS, client_id="me", client_secret=SECRET),
        "OAuth 2.0, como me em auth.example.test",
    ),
]


@pytest.mark.parametrize(("said", "meant", "words"), WAYS, ids=lambda one: getattr(one, "kind", ""))
def test_each_way_in_is_chosen_shown_without_its_secret_and_kept_when_left_empty(
    ana: Visitor, house: House, account: AccountId, page: str, said: dict[str, str], meant: Authorization,
    words: str,
) -> None:  # fmt: skip
    ana.send(f"{page}/advanced", **said)
    first = kept(house, account).secrets.authorization
    form = ana.open(f"{page}/advanced").text
    again = {name: "" if SECRET in value else value for name, value in said.items()}
    looked = ana.send_and_look(f"{page}/advanced", **again)

    assert first == meant
    assert kept(house, account).secrets.authorization == meant
    assert SECRET not in form + looked.text
    assert "Guardado e não mostrado" in form
    assert words in text_of(looked)


def test_a_form_that_did_not_ask_changes_no_way_in_and_none_takes_it_away(
    ana: Visitor, house: House, account: AccountId, page: str
) -> None:
    ana.send(f"{page}/advanced", **WAYS[0][0])

    ana.send(f"{page}/advanced", ordering="none")
    left = kept(house, account).secrets.authorization
    ana.send(f"{page}/advanced", access="none")

    assert left == WAYS[0][1]
    assert kept(house, account).secrets.authorization is None


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"access": "fixed"}, "fixed_value", "Preencha este campo"),
        ({"access": "fixed", "fixed_header": "Host", "fixed_value": SECRET}, "fixed_header", "quem envia"),
        ({"access": "fixed", "fixed_value": f"{SECRET} é"}, "fixed_value", "ASCII"),
        ({"access": "basic", "basic_user": "a:b", "basic_password": SECRET}, "basic_user", "dois-pontos"),
        ({"access": "fetched", "fetched_url": "ftp://a.test"}, "fetched_url", "https:// ou http://"),
        ({"access": "fetched", "fetched_url": TOKENS, "fetched_headers": SECRET}, "fetched_headers", "Nome:"),
        ({"access": "fetched", "fetched_url": TOKENS, "fetched_body": SECRET}, "fetched_body", "nome=valor"),
        ({"access": "client_credentials", "client_url": TOKENS}, "client_id", "Preencha este campo"),
        ({"client_pem": SECRET}, "client_pem", "não há certificado em PEM"),
        ({"client_pem": ENDED}, "client_pem", "já venceu"),
        ({"ca_pem": "nonsense"}, "ca_pem", "não há certificado em PEM"),
    ],
)  # fmt: skip
def test_what_could_never_be_sent_is_refused_at_its_field_and_nothing_else_typed_is_lost(
    ana: Visitor, house: House, account: AccountId, page: str, said: dict[str, str], field: str, words: str
) -> None:
    new = {"url": "https://erp.example.test/", "dialect": "native"}
    answers = [
        ana.send(f"{page}/advanced", rate_count="7", **said),
        ana.send("/app/endpoints/new", rate_count="7", **new, **said),
    ]

    for answer in answers:
        assert answer.status_code == 422
        assert words in answer.text.partition(f'id="{field}-error"')[2][:1200]
        assert 'value="7"' in answer.text
        assert SECRET not in answer.text
    assert (kept(house, account).secrets.authorization, kept(house, account).rate) == (None, None)


def test_certificates_are_kept_shown_by_their_name_and_taken_away(
    ana: Visitor, house: House, account: AccountId, page: str
) -> None:
    ours, theirs = Authority().issue("lacre.test").pem.decode(), Authority().pem.decode()
    shown = text_of(ana.send_and_look(f"{page}/advanced", client_pem=ours, ca_pem=theirs))
    form = ana.open(f"{page}/advanced").text
    ana.send(f"{page}/advanced", rate_count="5")
    left = kept(house, account).secrets

    ana.send(f"{page}/advanced", client_pem_gone="1", ca_pem_gone="1")

    assert "mostramos um certificado · autoridades próprias" in " ".join(shown.split())
    assert "CN=lacre.test" in form
    assert "BEGIN" not in form
    assert (left.client_pem.strip(), left.ca_pem.strip()) == (ours.strip(), theirs.strip())
    assert (kept(house, account).secrets.client_pem, kept(house, account).secrets.ca_pem) == ("", "")


def test_method_places_and_signatures_are_chosen_and_a_public_key_is_shown(
    ana: Visitor, house: House, account: AccountId
) -> None:
    endpoint = endpoint_of(house, account, url="https://erp.example.test/:id", dialect="native")
    page = f"/app/endpoints/{endpoint.id}"
    said = {"sent-native": "1", "method-native": "PUT", "fill_url-native": "filled"}

    shown = text_of(ana.send_and_look(f"{page}/advanced", **said, **{"signatures-native": "ed25519"}))

    options = kept(house, account).options
    assert (options["method"], options["fill_url"], options["signatures"]) == ("PUT", True, ["ed25519"])
    assert "whpk_" in shown
    assert "PUT, endereço preenchido · assinado: Ed25519" in " ".join(shown.split())
    # a form that did not ask leaves it alone
    ana.send(f"{page}/advanced", ordering="none")
    assert kept(house, account).options == options


def test_a_misspelt_place_is_refused_at_its_field(ana: Visitor, house: House, account: AccountId) -> None:
    endpoint = endpoint_of(house, account, url="https://erp.example.test/:idd", dialect="native")
    said = {"sent-native": "1", "fill_url-native": "filled"}

    answer = ana.send(f"/app/endpoints/{endpoint.id}/advanced", **said)

    assert answer.status_code == 422
    assert "Não há :idd para preencher neste endereço" in answer.text.partition('id="places-error"')[2]
