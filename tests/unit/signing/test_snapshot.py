"""An envelope as JSON and back."""

from __future__ import annotations

import json

from lacre.signing.layout import FieldKind
from lacre.signing.signer import Channel
from lacre.signing.snapshot import freeze, thaw
from tests.support.people import BRUNO, act_of, field_for, sent


def test_what_is_frozen_thaws_to_the_same() -> None:
    envelope = sent()
    envelope.fields = [field_for(BRUNO, FieldKind.SIGNATURE)]
    envelope.sign(act_of(BRUNO, values={envelope.fields[0].id: "x"}))
    envelope.signers[0].notified = {Channel.EMAIL: 2}

    through_json = json.loads(json.dumps(freeze(envelope)))

    assert thaw(through_json) == envelope


def test_what_was_frozen_before_a_field_existed_thaws_with_its_default() -> None:
    frozen = json.loads(json.dumps(freeze(sent())))
    del frozen["alerts_given"]
    del frozen["signers"][0]["qualification"]

    thawed = thaw(frozen)

    assert (thawed.alerts_given, thawed.signers[0].qualification) == ([], "")
