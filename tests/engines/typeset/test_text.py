"""Markdown is set as a document of its own."""

from __future__ import annotations

import pypdfium2
import pytest

from lacre.engines.typeset.typesetter import TypstTypesetter

CONTRACT = """# Contrato de locação

Entre **Ana Souza** e *Bruno Dias*, com `código` e ~~riscado~~.

1. Primeira cláusula
   - um detalhe
2. Segunda cláusula

> Observação importante

| Item | Valor |
|:-----|------:|
| Aluguel | R$ 1.500 |

---

```
linha de código
```

[Sítio](https://ped.test) <b>não é HTML</b> ![foto](http://127.0.0.1/x.png) #não-é-typst $x$ @y

<<signer1>>
"""


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.fixture(scope="module")
def text() -> str:
    return words_of(TypstTypesetter().text(CONTRACT, title="Contrato", language="pt-br"))


@pytest.mark.parametrize(
    "said",
    ["Contrato de locação", "Ana Souza", "um detalhe", "Segunda cláusula", "Observação importante",
     "R$ 1.500", "linha de código", "<b>não é HTML</b>", "foto", "#não-é-typst $x$ @y", "<<signer1>>"],
)  # fmt: skip
def test_every_part_is_there_and_nothing_is_markup_any_more(text: str, said: str) -> None:
    assert said in text


def test_the_same_text_gives_the_same_bytes() -> None:
    setter = TypstTypesetter()

    assert setter.text("Olá", title="x", language="es") == setter.text("Olá", title="x", language="es")


@pytest.mark.parametrize(
    "text",
    ["", "\0\u202e", "- " * 3000, ">" * 3000 + "x", "[" * 5000, "|" * 400 + "\n" + "|-" * 400, "99999999. x",
     "###### a\n####### b", "a\\\nb  \nc"],
)  # fmt: skip
def test_any_text_is_set(text: str) -> None:
    assert TypstTypesetter().text(text, title="x", language="en").startswith(b"%PDF")
