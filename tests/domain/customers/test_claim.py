"""A guest who registers keeps the history; whoever only types an address sees nothing (KS-21, reliability 41, 44)."""

from dataclasses import replace
from typing import Any

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.kernel.principals import Principal, PrincipalKind
from tests.client import Json
from tests.race.checks import at_once, codes
from tests.shop import ADDRESS, Shop
from tests.snapshot import snapshot

EMAIL = "eve@example.com"
FIELDS = "customer { id kind state version name email orders { nodes { number } } addresses { city } }"


def guest(shop: Shop) -> Principal:
    """Somebody who orders without an account."""
    return shop.shopper(kind=PrincipalKind.GUEST)


def eve(shop: Shop, email: str = EMAIL) -> Principal:
    """A login whose address is verified."""
    return replace(shop.shopper(), verified_email=email)


async def recorded(shop: Shop, principal: Principal, name: str = "Eve", email: str = EMAIL) -> str:
    """A shopper's own record, with an address."""
    values = {"name": name, "email": email, "addresses": [{**ADDRESS, "isDefaultShipping": True}]}
    made = await shop.client.did("customerCreate", "customer { id }", values, principal)
    id_: str = made["customer"]["id"]
    return id_


async def claimed(shop: Shop, principal: Principal, **values: Any) -> Json:
    """The record of the login after the claim."""
    made = await shop.client.did("customerClaim", FIELDS, values, principal)
    customer: Json = made["customer"]
    return customer


async def refused(shop: Shop, principal: Principal, **values: Any) -> Json:
    """The whole payload of a claim that must be refused."""
    payload = await shop.client.mutate("customerClaim", "customer { id }", values, principal)
    assert payload["userErrors"] != []
    return payload


async def test_a_guest_becomes_the_record_of_the_login(shop: Shop) -> None:
    session, login = guest(shop), eve(shop)
    id_ = await recorded(shop, session, email="Eve@Example.com")
    order = await shop.placed(("apple", 1), customerId=id_)
    customer = await claimed(shop, login)
    assert (customer["id"], customer["kind"], customer["state"], customer["version"]) == (
        id_,
        "REGISTERED",
        "ACTIVE",
        2,
    )
    assert customer["orders"]["nodes"] == [{"number": order["number"]}]
    assert customer["addresses"] == [{"city": "Berlin"}]
    events = await shop.query(
        "query ($id: ID!) { customer(by: {id: $id}) { timeline { nodes { ... on TimelineEvent { type } } } } }", id=id_
    )
    assert events["customer"]["timeline"]["nodes"][0] == {"type": "CustomerClaimed"}


async def test_the_session_of_the_guest_ends_with_the_claim(shop: Shop) -> None:
    """The browser in which somebody ordered as a guest is no login to the registered customer's history."""
    session, login = guest(shop), eve(shop)
    await recorded(shop, session)
    mine = "{ customers { nodes { name } } orders { nodes { id } } }"
    assert (await shop.client.query(mine, None, session))["customers"]["nodes"] == [{"name": "Eve"}]
    await claimed(shop, login)
    assert await shop.client.query(mine, None, session) == {"customers": {"nodes": []}, "orders": {"nodes": []}}
    await recorded(shop, session)
    assert (await shop.client.query(mine, None, login))["customers"]["nodes"] == [{"name": "Eve"}]


async def test_several_guests_become_one(shop: Shop, database: Database) -> None:
    """Whoever orders three times as a guest has three records; the newest one goes on."""
    records = [await recorded(shop, guest(shop), f"Eve {number}") for number in range(3)]
    stranger = await recorded(shop, guest(shop), "Bob", "bob@example.com")
    for id_ in [*records, stranger]:
        await shop.placed(("apple", 1), customerId=id_)
    made = await shop.client.did("customerClaim", FIELDS, {}, eve(shop))
    assert (made["customer"]["id"], made["customer"]["name"]) == (records[2], "Eve 2")
    assert len(made["customer"]["orders"]["nodes"]) == 3
    assert sorted(effect["message"] for effect in made["effects"]) == [
        "Customer: ACTIVE → MERGED.", "Customer: ACTIVE → MERGED.",
        "CustomerClaimed.", "CustomerMerged.", "CustomerMerged.",
    ]  # fmt: skip
    assert await verify(database, shop.company) == []


async def test_a_login_with_a_record_claims_only_when_it_says_so(shop: Shop) -> None:
    login = eve(shop)
    own = await recorded(shop, login, "Eve Online")
    id_ = await recorded(shop, guest(shop))
    order = await shop.placed(("apple", 1), customerId=id_)
    payload = await refused(shop, login)
    assert [error["code"] for error in payload["userErrors"]] == ["ALREADY_REGISTERED"]
    customer = await claimed(shop, login, mergeIntoOwn=True)
    assert (customer["id"], customer["name"]) == (own, "Eve Online")
    assert customer["orders"]["nodes"] == [{"number": order["number"]}]
    assert await shop.client.refused("customerClaim", {"mergeIntoOwn": True}, login) == ["NOT_FOUND"]


async def test_the_answer_is_the_same_whether_the_address_is_known_or_not(shop: Shop, database: Database) -> None:
    """Reliability case 44: a login that has not shown the address to be its own learns nothing of it."""
    await recorded(shop, guest(shop))
    logins = [shop.shopper(), replace(guest(shop), verified_email=EMAIL), eve(shop, "free@example.com")]
    before = await snapshot(database)
    told = [await refused(shop, login) for login in logins]
    assert [payload["userErrors"][0]["code"] for payload in told] == [
        "EMAIL_NOT_VERIFIED", "EMAIL_NOT_VERIFIED", "NOT_FOUND",
    ]  # fmt: skip
    assert await snapshot(database) == before
    registered = eve(shop)
    await recorded(shop, registered)
    known = await refused(shop, registered)
    free = eve(shop, "free@example.com")
    await recorded(shop, free)
    assert await refused(shop, free) == known
    await claimed(shop, registered, mergeIntoOwn=True)


async def test_an_address_that_is_taken_is_set_like_a_free_one(shop: Shop) -> None:
    """Reliability case 44: neither making nor changing a record tells whether others have the address."""
    await recorded(shop, guest(shop))
    answers = []
    for email in (EMAIL, "free@example.com"):
        shopper = shop.shopper()
        id_ = await recorded(shop, shopper, email=email)
        values = {"customerId": id_, "email": email, "name": "Mallory"}
        made = await shop.client.did(
            "customerUpdate", "customer { name version orders { nodes { id } } }", values, shopper
        )
        answers.append({**made, "customer": {**made["customer"]}})
    assert answers[0] == answers[1]


async def test_a_guest_who_types_anothers_address_sees_nothing_of_the_past(shop: Shop) -> None:
    """Reliability case 41, of vendurehq/vendure#98: `activeOrder.customer.addresses` of somebody else."""
    id_ = await recorded(shop, guest(shop))
    await shop.placed(("apple", 1), customerId=id_)
    mallory = guest(shop)
    await recorded(shop, mallory, "Mallory")
    values = {"channelId": shop.channel_id, "items": [{"productId": shop.products["apple"], "quantity": "1"}]}
    query = """order { customer { id name addresses { name city } orders { nodes { id } }
        invoices { nodes { id } } balance { amount } } }"""
    made = await shop.client.did("orderCreate", query, values, mallory)
    customer = made["order"]["customer"]
    assert (customer["name"], len(customer["addresses"]), len(customer["orders"]["nodes"])) == ("Mallory", 1, 1)
    seen = await shop.client.query("{ customers { nodes { id } } orders { totalCount { value } } }", None, mallory)
    assert seen == {"customers": {"nodes": [{"id": customer["id"]}]}, "orders": {"totalCount": {"value": 1}}}
    assert await shop.client.refused("customerClaim", {}, mallory) == ["EMAIL_NOT_VERIFIED"]


async def test_guests_of_another_company_or_entered_by_staff_are_not_claimed(shop: Shop) -> None:
    """Only guests: what staff entered may be a firm whose address many read."""
    await shop.did("customerCreate", kind="STAFF_CREATED", name="Firm", email=EMAIL)
    registered = shop.shopper()
    await recorded(shop, registered)
    assert await shop.client.refused("customerClaim", {}, eve(shop)) == ["NOT_FOUND"]
    entered = await shop.did("customerCreate", "customer { id }", kind="GUEST", name="Eve", email=EMAIL)
    assert (await claimed(shop, eve(shop)))["id"] == entered["customer"]["id"]


async def test_a_guest_is_claimed_once(shop: Shop, database: Database) -> None:
    """Two logins that both show the address, at the same time."""
    await recorded(shop, guest(shop))
    found = await at_once(shop.client.mutate("customerClaim", "", {}, login) for login in (eve(shop), eve(shop)))
    assert codes(found) == {"OK": 1, "NOT_FOUND": 1}
    assert await verify(database, shop.company) == []


async def test_staff_have_no_address_to_claim_with(shop: Shop) -> None:
    query = "mutation ($input: CustomerClaimInput!) { customerClaim(input: $input) { userErrors { code } } }"
    answer = await shop.client.execute(query, {"input": {"idempotencyKey": "k" * 16}}, shop.staff)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
