"""Companies: the key's own, and those of a partner's customers, each an account with a key of its own."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.accounts import actions as accounts
from lacre.accounts.account import Account
from lacre.dialects.fastnotas import filling, pages, shown
from lacre.dialects.fastnotas.auth import DIALECT
from lacre.dialects.fastnotas.door import Call
from lacre.dialects.fastnotas.wire import CompanyChange, NewCompany
from lacre.fiscal.company import Company
from lacre.fiscal.errors import NoCompany
from lacre.fiscal.note import Environment
from lacre.fiscal.party import Address, registry_code
from lacre.kit.ids import AccountId, CompanyId
from lacre.kit.refusal import NotFound
from lacre.services import Work


def mine(call: Call) -> Response:
    """The company of the key."""
    with call.services.open_work() as work:
        found = work.books.companies.first(call.account_id)
    if found is None:
        raise NotFound("company")
    return JSONResponse(shown.company(found))


def index(call: Call) -> Response:
    """The account's own, and its customers'."""
    with call.services.open_work() as work:
        owners = [call.account_id, *_customers(work, call)]
        return pages.listed(
            call,
            pages.COMPANIES,
            lambda query, offset, limit: work.books.companies.find(owners, query, offset=offset, limit=limit),
            shown.company,
        )


def create(call: Call) -> Response:
    """The first is the account's own; further ones are its customers', with accounts and keys too."""
    said = call.read(NewCompany)
    code = registry_code(said.registry_code)
    with call.services.open_work() as work:
        first = work.books.companies.first(call.account_id) is None
        owner = call.account_id if first else _open_account(work, call, said)
        key = _give_key(work, call, owner)
        company = _company(call, said, owner, code)
        work.books.companies.add(company)
    return JSONResponse(shown.company(company, api_key=key), 201)


def read(call: Call) -> Response:
    with call.services.open_work() as work:
        return JSONResponse(shown.company(_named(work, call)))


def update(call: Call) -> Response:
    said = call.read(CompanyChange)
    with call.services.open_work() as work:
        one = _named(work, call)
        _change(call, one, said)
        work.books.companies.save(one)
    return JSONResponse(shown.company(one))


def delete(call: Call) -> Response:
    """Its documents stay."""
    with call.services.open_work() as work:
        one = _named(work, call)
        one.deleted_at = call.now
        work.books.companies.save(one)
    return Response(status_code=204)


def of_key(work: Work, call: Call, named: str | None) -> Company:
    """The company that is named, or the key's own."""
    if named is not None:
        return work.books.companies.get(call.account_id, CompanyId(named))
    found = work.books.companies.first(call.account_id)
    if found is None:
        raise NoCompany
    return found


def _customers(work: Work, call: Call) -> list[AccountId]:
    return [one.id for one in work.accounts.of_partner(call.account_id)]


def _named(work: Work, call: Call) -> Company:
    """The account's, or a customer's of it."""
    wanted = CompanyId(call.named())
    for owner in (call.account_id, *_customers(work, call)):
        try:
            return work.books.companies.get(owner, wanted)
        except NotFound:
            continue
    raise NotFound("company")


def _open_account(work: Work, call: Call, said: NewCompany) -> AccountId:
    partner = work.accounts.get(call.account_id)
    new = Account(id=AccountId(call.services.tokens.uuid()), name=said.name, created_at=call.now)
    return accounts.open_for(work, partner, new).id


def _give_key(work: Work, call: Call, owner: AccountId) -> str:
    tokens = call.services.tokens
    (key,) = (one.secret for one in call.services.new_keys(DIALECT))
    accounts.give_key(
        work,
        work.accounts.get(owner),
        dialect=DIALECT,
        key_id=tokens.uuid(),
        key=key,
        digest=tokens.digest(key),
        now=call.now,
    )
    return key


def _company(call: Call, said: NewCompany, owner: AccountId, code: str) -> Company:
    return Company(
        id=CompanyId(call.services.tokens.uuid()),
        account_id=owner,
        name=said.name,
        legal_name=said.legal_name or said.name,
        email=said.email,
        registry_code=code,
        status=said.status,
        phone=filling.phone(call, said.phone, None),
        address=filling.address(call, said.address, Address()),
        environment=Environment(said.environment or Environment.TEST),
        simples=said.simples or "1",
        simples_regime=said.simples_regime or "",
        special_regime=said.special_regime or "0",
        created_at=call.now,
        updated_at=call.now,
    )


def _change(call: Call, one: Company, said: CompanyChange) -> None:
    one.name, one.legal_name = said.name or one.name, said.legal_name or one.legal_name
    one.email, one.status = said.email or one.email, said.status or one.status
    if said.registry_code is not None:
        one.registry_code = registry_code(said.registry_code)
    if said.environment is not None:
        one.environment = Environment(said.environment)
    one.simples = said.simples or one.simples
    one.special_regime = said.special_regime or one.special_regime
    if said.simples_regime is not None:
        one.simples_regime = said.simples_regime
    one.phone = filling.phone(call, said.phone, one.phone)
    one.address = filling.address(call, said.address, one.address)
    one.updated_at = call.now
