"""Users of an account get their passes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from starlette.responses import JSONResponse, Response

from lacre.accounts.account import User
from lacre.accounts.proving import Prover
from lacre.dialects.zapsign import passes
from lacre.dialects.zapsign.door import Visit
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.wire import Credentials, Refreshing
from lacre.kit import throttle
from lacre.services import Services

WRONG = "No active account found with the given credentials"
TOO_OFTEN = "Rate limit exceeded"


@dataclass(frozen=True)
class Entrance:
    services: Services

    def enter(self, visit: Visit) -> Response:
        """By e-mail and password, at the address of the user's own account."""
        said = visit.read(Credentials)
        with self.services.open_work() as work:
            may_try = throttle.tries(work, visit.origin.ip, said.username, now=visit.now)
        if not may_try:
            raise Declined(400, {"message": TOO_OFTEN})
        user = self._proved(said, visit.path["organization"])
        if user is None:
            raise Declined(401, WRONG)
        with self.services.open_work() as work:
            throttle.succeeded(work, visit.origin.ip, said.username, now=visit.now)
        return _passes(visit, user, passes.REFRESH, passes.ACCESS)

    def refresh(self, visit: Visit) -> Response:
        said = visit.read(Refreshing)
        user = passes.holder(self.services, said.refresh, kind=passes.REFRESH, now=visit.now)
        return _passes(visit, user, passes.ACCESS)

    def _proved(self, said: Credentials, organization: str) -> User | None:
        with self.services.open_work() as work:
            user = work.accounts.user_by_email(said.username)
        proved = self._prover.proved(user, said.password)
        return proved if proved and proved.account_id == organization.lower() else None

    @cached_property
    def _prover(self) -> Prover:
        return Prover(self.services.passwords, self.services.tokens.secret())


def _passes(visit: Visit, user: User, *kinds: str) -> Response:
    issued = {kind: passes.issued(visit.services, user, kind, now=visit.now) for kind in kinds}
    return JSONResponse(issued)
