"""What a webhook of ArqSIGN's is set to, as the endpoint keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from lacre.dialects.arqsign.wire import Returned
from lacre.dialects.arqsign.words import TRIGGERS
from lacre.kit.ids import FolderId, GroupId
from lacre.kit.json import Json
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.narrowing import Narrowing, Sender

PASCAL: Final = "pascal"
CAMEL: Final = "camel"


class Options(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)

    waits: bool = False
    """`aguardarRetorno`."""
    senders: tuple[Sender, ...] = ()
    groups: tuple[GroupId, ...] = ()
    folders: tuple[FolderId, ...] = ()
    returned: Returned = Returned.model_construct()
    case: Literal["pascal", "camel"] = PASCAL
    names: Mapping[int, str] = {}
    """Of triggers, where a client knows one by another name than ours."""
    fields: Mapping[str, str] = {}
    """The same of what stands in `Documentos`, by our names: exactly as it is to be written."""

    @property
    def narrowing(self) -> Narrowing:
        return Narrowing(senders=self.senders, groups=self.groups, folders=self.folders)

    def name(self, trigger: int) -> str:
        return self.names.get(trigger, TRIGGERS[trigger])


def options_of(endpoint: Endpoint) -> Options:
    return Options.model_validate(endpoint.options)


def kept(options: Options) -> dict[str, Json]:
    said: dict[str, Json] = options.model_dump(mode="json", by_alias=True)
    return said
