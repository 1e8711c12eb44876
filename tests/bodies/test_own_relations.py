"""A secretary who is a party to a relation does not take it off the record."""

import asyncpg

from tests.bureau import Bureau


async def test_a_relation_of_ones_own_is_removed_by_another(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    b = bureau
    path = f"/api/bodies/{b.body}/kinship"
    kin = await owner.fetchval(
        "INSERT INTO kin (body_id, name, person_id) VALUES ($1, '李晓', $2) RETURNING id", b.body, b.li.id
    )
    recorded = await b.li.do(path, {"type": "sibling", "a": kin, "b": b.kin["candidate"]})
    relation = f"{path}/{recorded['content']['relation']['id']}"
    refused = (await b.li.client.delete(relation)).json()
    assert (refused["rule"], "另一名秘书" in refused["detail"]) == ("access.role", True)
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": b.tang.id, "role": "secretary"})
    assert (await b.tang.client.delete(relation)).is_success
