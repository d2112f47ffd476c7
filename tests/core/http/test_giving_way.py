import asyncio

from crossdock.http import giving_way


async def test_items_come_as_they_are_and_others_run_between_every_few_of_them():
    seen = []

    async def other():
        for _ in range(2):
            seen.append("other")
            await asyncio.sleep(0)

    beside = asyncio.create_task(other())
    async for item in giving_way(range(5), every=2):
        seen += [item]
    await beside
    assert seen == [0, 1, "other", 2, 3, "other", 4]
