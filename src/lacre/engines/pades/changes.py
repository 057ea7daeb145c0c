"""What may change in a PDF after a signature: pyHanko's difference analysis, made stricter.

pyHanko follows the letter of ISO 32000: a field may be filled again and again, and whatever no older object
reaches is harmless. Known shadow attacks live in that room (pdf-insecurity.org; EU DSS case 2236), so beyond
pyHanko's own rules:

1. A field is filled once. One that already showed or held something when the signature was made stays so.
2. Filling changes the value and the appearance of a field, nothing else: not its flags, so that nothing
   filled can be hidden and nothing hidden shown.
3. No stream is ever overwritten (document metadata apart), and no other object either but the catalog, the
   form, its fields, and the widget lists of pages on which a signature field was created.
4. No object may appear that an older revision already referred to while it did not exist.
5. Nobody may ask viewers to draw the form anew (`/NeedAppearances`).
6. Fields filled must be covered by a later signature; in a file that this installation certified, by one of
   its own, made in the very same revision, or in the next if a signer's own key signed what they filled.
7. Bytes after the last signature must be revisions that only carry validation data.
8. What a signature leaves out of its byte range is its own digits, and not one byte more.

Rules 6 to 8, which look at signatures rather than at objects, are kept by `verify`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.form_rules_api import (
    FieldComparisonContext,
    FieldComparisonSpec,
    FormUpdate,
)
from pyhanko.sign.diff_analysis.rules_api import QualifiedWhitelistRule, WhitelistRule
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

_FILLING = frozenset({"/V", "/AP", "/AS"})
# signing an empty field may lock its widget
_SIGNING = frozenset({"/V", "/AP", "/AS", "/F", "/Type", "/Ff"})
_FORM = frozenset({"/Fields", "/DR", "/DA"})
_EMPTY = (None, "", "/Off", generic.NullObject())


_PAINTS = re.compile(rb"(?<![^\s\])>])(Tj|TJ|'|\"|Do|sh|BI|f\*?|F|B\*?|b\*?|S|s)(?![^\s\[(/<])")
_FRAMES = (b"f", b"f*", b"F", b"B", b"B*", b"b", b"b*", b"S", b"s")
_MOST_OF_A_FRAME = 6


def _metadata_rule() -> QualifiedWhitelistRule:
    rule: WhitelistRule = MetadataUpdateRule()  # type: ignore[no-untyped-call]
    return rule.as_qualified(ModificationLevel.LTA_UPDATES)


class FilledOnce(GenericFieldModificationRule):
    """Rules 1 and 2."""

    def __init__(self) -> None:
        super().__init__(
            allow_in_place_appearance_stream_changes=False,
            always_modifiable=frozenset(),
            value_update_keys=_FILLING,
        )

    def check_form_field(
        self, fq_name: str, spec: FieldComparisonSpec, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        old, new = spec.old_field, spec.new_field
        if (
            old is not None
            and new is not None
            and spec.field_type != "/Sig"
            and old != new
            and _shows(old, spec.field_type)
        ):
            raise SuspiciousModification(
                f"The field {fq_name} was filled before the signature and changed after."
            )
        return super().check_form_field(fq_name, spec, context)


class StrictPolicy(StandardDiffPolicy):
    """Rules 1 to 5, between two revisions."""

    def __init__(self) -> None:
        super().__init__(
            global_rules=[
                CatalogModificationRule(),  # type: ignore[no-untyped-call]
                DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
                XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
                ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
                DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
                _metadata_rule(),
            ],
            form_rule=FormUpdatingRule(
                field_rules=[
                    SigFieldCreationRule(),  # type: ignore[no-untyped-call]
                    SigFieldModificationRule(
                        allow_in_place_appearance_stream_changes=False, value_update_keys=_SIGNING
                    ),
                    FilledOnce(),
                ],
                ignored_acroform_keys=_FORM,
            ),
        )

    def apply(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult:
        result = super().apply(old, new, field_mdp_spec, doc_mdp)
        for ref in new.explicit_refs_in_revision():  # type: ignore[no-untyped-call]
            if old.is_ref_unassignable(ref):
                _check_not_awaited(old, ref)
            else:
                _check_may_be_overwritten(old, new, ref)
        return result


def _shows(field: object, kind: str) -> bool:
    """Whether a field holds a value, or paints anything beyond the frame of a text field still empty."""
    if entry(field, "/V") not in _EMPTY:
        return True
    normal = entry(entry(field, "/AP"), "/N")
    if not isinstance(normal, generic.StreamObject):
        # the states of a box: what counts is whether it is ticked, which its value says
        return False
    painted = [found[1] for found in _PAINTS.finditer(normal.data)]
    if kind not in ("/Tx", "/Ch"):
        return bool(painted)
    return len(painted) > _MOST_OF_A_FRAME or not set(painted) <= set(_FRAMES)


def entry(holder: object, key: str) -> object:
    """A dictionary's entry, followed to what it refers to (which pyHanko's `get` does not do)."""
    if not isinstance(holder, generic.DictionaryObject) or key not in holder:
        return None
    return holder[key]


def _check_not_awaited(old: HistoricalResolver, ref: Reference) -> None:
    """Rule 4. pyHanko takes such objects for orphans, which is what hides the attack."""
    if old._get_usages_of_ref(ref):
        raise SuspiciousModification(f"Object {ref.idnum} was referred to before it existed.")


def _check_may_be_overwritten(old: HistoricalResolver, new: HistoricalResolver, ref: Reference) -> None:
    """Rule 3."""
    before, after = old(ref), new(ref)
    if before == after or _is_metadata(old, ref):
        return
    if isinstance(before, generic.StreamObject) or isinstance(after, generic.StreamObject):
        raise SuspiciousModification(f"Stream {ref.idnum} was overwritten.")


def _is_metadata(old: HistoricalResolver, ref: Reference) -> bool:
    metadata = entry(old.root, "/Metadata")
    return isinstance(metadata, generic.StreamObject) and metadata.container_ref == ref
