from typing import Any

from tests.plugins.shopee.sandbox_client import Client, connected


async def processed(client: Client, **draft: Any) -> tuple[str, str]:
    order_sn = await client.order(**draft)
    await client.operate("POST", f"/orders/{order_sn}/arrange")
    await client.advance(180)
    answer = await client.get("logistics/get_tracking_number", order_sn=order_sn)
    return order_sn, answer.response["tracking_number"]


async def ask(client: Client, name: str, *rows: dict[str, Any], **more: Any) -> Any:
    return await client.post(f"logistics/{name}", {"order_list": list(rows), **more})


async def test_a_waybill_is_asked_for_waited_for_and_fetched() -> None:
    async with connected() as client:
        order_sn, number = await processed(client)
        kinds = (await ask(client, "get_shipping_document_parameter", {"order_sn": order_sn})).response["result_list"]
        kind = kinds[0]["suggest_shipping_document_type"]
        row = {"order_sn": order_sn, "tracking_number": number, "shipping_document_type": kind}
        created = await ask(client, "create_shipping_document", row)
        assert [set(each) for each in created.response["result_list"]] == [{"order_sn", "package_number"}]
        wanted = {"order_sn": order_sn, "shipping_document_type": kind}
        result = await ask(client, "get_shipping_document_result", wanted)
        assert result.response["result_list"][0]["status"] == "PROCESSING"
        download = {"order_sn": order_sn}
        early = await ask(client, "download_shipping_document", download, shipping_document_type=kind)
        assert early.error == "logistics.download_later"
        await client.advance(10)
        result = await ask(client, "get_shipping_document_result", wanted)
        assert result.response["result_list"][0]["status"] == "READY"
        label = await ask(client, "download_shipping_document", download, shipping_document_type=kind)
        assert label.headers["content-type"] == "application/pdf"
        assert label.content.startswith(b"%PDF-1.4")
        assert number.encode() in label.content
        assert int(label.content.split(b"startxref\n")[1].split(b"\n")[0]) == label.content.index(b"xref\n0 ")


async def test_a_waybill_that_nobody_asked_for_must_be_asked_for_first() -> None:
    async with connected() as client:
        order_sn, _number = await processed(client)
        result = await ask(client, "get_shipping_document_result", {"order_sn": order_sn})
        assert result.error == "common.batch_api_all_failed"
        row = result.body["response"]["result_list"][0]
        assert row["fail_error"] == "logistics.shipping_document_should_print_first"
        label = await ask(client, "download_shipping_document", {"order_sn": order_sn})
        assert label.error == "logistics.shipping_document_should_print_first"


async def test_there_is_no_waybill_before_the_shipment_is_arranged_or_after_the_pickup() -> None:
    async with connected() as client:
        waiting = await client.order()
        early = await ask(client, "create_shipping_document", {"order_sn": waiting, "tracking_number": "X"})
        assert early.body["response"]["result_list"][0]["fail_error"] == "logistics.order_status_error"
        order_sn, number = await processed(client)
        await client.operate("POST", f"/orders/{order_sn}/pickup")
        late = await ask(client, "create_shipping_document", {"order_sn": order_sn, "tracking_number": number})
        assert late.body["response"]["result_list"][0]["fail_error"] == "logistics.package_can_not_print"


async def test_the_tracking_number_and_the_kind_must_be_right() -> None:
    async with connected() as client:
        order_sn, number = await processed(client)
        for row, error in [
            ({}, "logistics.tracking_number_invalid"),
            ({"tracking_number": "X"}, "logistics.tracking_number_invalid"),
            ({"tracking_number": number, "shipping_document_type": "POEM"}, "logistics.shipping_document_type_invalid"),
            ({"tracking_number": number, "package_number": "OFG0"}, "logistics.package_number_not_found"),
        ]:
            answer = await ask(client, "create_shipping_document", {"order_sn": order_sn, **row})
            assert answer.body["response"]["result_list"][0]["fail_error"] == error


async def test_failed_rows_are_repeated_as_warnings() -> None:
    async with connected() as client:
        order_sn, number = await processed(client)
        good = {"order_sn": order_sn, "tracking_number": number}
        answer = await ask(client, "create_shipping_document", good, {"order_sn": "NOSUCHORDER000"})
        assert answer.error == ""
        assert answer.body["warning"] == [{"order_sn": "NOSUCHORDER000"}]
        assert answer.response["result_list"][1]["fail_error"] == "logistics.order_not_exist"


async def test_labels_of_one_channel_come_in_one_file_and_of_two_not_at_all() -> None:
    async with connected(document_seconds=0) as client:
        first, second, other = (
            await processed(client),
            await processed(client),
            await processed(client, channel_id=11007),
        )
        rows = [{"order_sn": order_sn, "tracking_number": number} for order_sn, number in (first, second, other)]
        await ask(client, "create_shipping_document", *rows)
        both = await ask(client, "download_shipping_document", {"order_sn": first[0]}, {"order_sn": second[0]})
        assert b"/Count 2" in both.content
        mixed = await ask(client, "download_shipping_document", {"order_sn": first[0]}, {"order_sn": other[0]})
        assert mixed.error == "logistics.packages_can_not_download_together"
