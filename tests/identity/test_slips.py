"""First passwords as slips: a PDF that is made, sent once and kept nowhere."""

import re
from io import BytesIO

import pypdf

from tests.bureau import Bureau


async def test_slips_for_many(bureau: Bureau) -> None:
    given = [{"person": each.id, "password": f"x7k2-p9qm-{at:04d}"} for at, each in enumerate(bureau.members)]
    answer = await bureau.admin.post("/api/organization/slips", {"given": given})
    assert answer.is_success, answer.text
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/pdf", "no-store")
    sheets = [re.sub(r"\s", "", page.extract_text()) for page in pypdf.PdfReader(BytesIO(answer.content)).pages]
    assert len(sheets) == 3, "four on a page"
    whole = "".join(sheets)
    for at, name in enumerate(("周启明", "林静", "何志远", "陈卫国", "马腾", "孙雅琴", "吴海燕", "郑凯", "许文博")):
        assert name in sheets[at // 4]
        assert f"x7k2-p9qm-{at:04d}" in sheets[at // 4]
    assert whole.count("江州市交通运输局") == 9
    assert whole.count("/sign-in/") == 9


async def test_only_the_administrator_and_only_for_people_of_the_organization(bureau: Bureau) -> None:
    given = {"given": [{"person": bureau.lin.id, "password": "x7k2-p9qm-4trw"}]}
    assert await bureau.li.refused("/api/organization/slips", given) == "access.role"
    given["given"][0]["person"] = 10**9
    assert await bureau.admin.refused("/api/organization/slips", given) == "unknown"
