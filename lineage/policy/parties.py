"""Where does data come from, who gets it, and for whom do we process it? Reads ``parties.yaml``."""

from lineage.policy.dated import Dated
from lineage.policy.models import Contract, Customer, Instruction, Parties, Recipient, RoleRow, Source
from lineage.policy.rows import Row
from lineage.policy.scalars import one_of, read_flag, read_text
from lineage.policy.vocabulary import Vocabulary

CONTRACT_KINDS = ("R7051", "R7053")
CONTRACT_ROLES = ("SERVICE_PROVIDER", "CONTRACTOR", "THIRD_PARTY")


def parties(row: Row, words: Vocabulary) -> Parties:
    """Sources, recipients and customers. What they name is checked once all files are read."""
    built = Parties(
        sources={id: _source(id, each, words) for id, each in row.named("sources").items()},
        recipients={id: _recipient(id, each, words) for id, each in row.named("recipients").items()},
        customers={id: _customer(id, each) for id, each in row.named("customers").items()},
    )
    row.finish()
    return built


def _source(id: str, row: Row, words: Vocabulary) -> Source:
    source = Source(
        id=id,
        name=row.get("name", read_text) or id,
        category=row.dated("category", one_of(words.sources)) or Dated(),
    )
    row.finish()
    return source


def _recipient(id: str, row: Row, words: Vocabulary) -> Recipient:
    recipient = Recipient(
        id=id,
        name=row.get("name", read_text) or id,
        category=row.dated("category", one_of(words.recipients)) or Dated(),
        address=row.get("address", read_text),
        country=row.get("country", read_text),
        control=row.dated("control", read_flag) or Dated(),
        common_brand=row.dated("common_brand", read_flag) or Dated(),
        customer=row.get("customer", read_text),
        contracts=tuple(
            _contract(f"{id}#{number}", each) for number, each in enumerate(row.rows("contracts"), start=1)
        ),
    )
    row.finish()
    return recipient


def _contract(otherwise: str, row: Row) -> Contract:
    contract = Contract(
        id=row.get("id", read_text) or otherwise,
        kind=row.need("kind", one_of(CONTRACT_KINDS), CONTRACT_KINDS[0]),
        role=row.get("as", one_of(CONTRACT_ROLES)),
        span=row.span(),
        purposes=row.texts("purposes"),
        certified=row.dated("certified", read_flag) or Dated(),
        safeguard=row.get("safeguard", read_text),
    )
    row.finish()
    return contract


def _customer(id: str, row: Row) -> Customer:
    customer = Customer(
        id=id,
        name=row.get("name", read_text) or id,
        kind=row.get("kind", read_text),
        regimes=row.texts("regimes"),
        roles=tuple(_role(each) for each in row.rows("roles")),
        instructions=tuple(
            _instruction(f"{id}#{number}", each) for number, each in enumerate(row.rows("instructions"), 1)
        ),
    )
    row.finish()
    return customer


def _role(row: Row) -> RoleRow:
    role = RoleRow(row.span(), row.get("we_set_purposes", read_flag) or False)
    row.finish()
    return role


def _instruction(otherwise: str, row: Row) -> Instruction:
    instruction = Instruction(
        id=row.get("id", read_text) or otherwise,
        span=row.span(),
        purposes=row.texts("purposes"),
        recipients=row.texts("recipients"),
    )
    row.finish()
    return instruction
