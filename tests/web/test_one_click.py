"""OneClick: the document, a tick, and a button; behind an address of its own."""

from __future__ import annotations

import httpx2

from lacre.signing.envelope import Envelope
from lacre.signing.signer import Signer
from tests.support.house import House, person

Browser = httpx2.Client


def test_a_tick_and_a_button_are_all_that_is_asked(house: House, client: Browser) -> None:
    contract, bruno = asked(house)

    page = client.get(room(house, bruno)).text

    assert "Leia e assine" in page
    assert [f'name="{name}"' in page for name in ("terms", "name", "email", "phone")] == [True] + [False] * 3
    assert 'role="radiogroup"' not in page
    assert house.envelope(contract).signer(bruno.id).times_viewed == 1


def test_it_signs_with_the_name_that_the_sender_gave(house: House, client: Browser) -> None:
    contract, bruno = asked(house)
    seen = [document.original for document in contract.documents]

    answer = client.post(
        f"{room(house, bruno)}/sign", data={"seen": seen, "terms": "on", "mark_kind": "typed"}
    )

    assert answer.headers["location"].startswith(
        f"/verificar/oneclick/{room(house, bruno).rpartition('/')[2]}"
    )
    assert house.envelope(contract).acts[0].mark.text == "Bruno Dias"


def test_the_tick_is_needed(house: House, client: Browser) -> None:
    contract, bruno = asked(house)
    seen = [document.original for document in contract.documents]

    client.post(f"{room(house, bruno)}/sign", data={"seen": seen, "mark_kind": "typed"})

    assert house.envelope(contract).acts == []


def asked(house: House) -> tuple[Envelope, Signer]:
    bruno = person("Bruno Dias", one_click=True, draw=False)
    return house.send([bruno]), bruno


def room(house: House, signer: Signer) -> str:
    token = house.services.links.signer_token(signer.id, signer.link_generation)
    return house.services.links.signing_url(token, one_click=True)
