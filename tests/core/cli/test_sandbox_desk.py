"""What people do in sandboxes that run: each command is one request to the operator's pages."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crossdock import discovery

ORDER = {
    "order_sn": "A1",
    "order_status": "PROCESSED",
    "cancel_by": "",
    "cancel_reason": "",
    "items": [{"item_sku": "10003", "model_sku": "", "active": 2}],
    "packages": [{"package_number": "P1", "logistics_status": "LOGISTICS_READY", "tracking_number": "T1"}],
}
LINE = {"LineNo": 10000, "Number": "10003", "VariantCode": "", "Quantity": "2", "Price": "9.9"}
RETURN = {"return_sn": "R1", "items": [{"sku": "10003", "quantity": 2}]}
DOCUMENT = {
    "document_id": "CO1",
    "external_id": "A1",
    "state": "posted",
    "totals": {"amount": "19.8"},
    "lines": [LINE | {"DiscountAmount": "0", "Amount": "19.8", "cancelled": "0", "shipped": "2"}],
    "shipments": [{"number": "102001", "tracking_no": ""}],
    "invoices": [{"number": "103001"}],
}
ITEM = {
    "number": "777",
    "description": "New",
    "unit_price": "3",
    "stock": [{"variant": "", "location": "S0013", "quantity": "4"}],
}


class Sandbox:
    """A sandbox's operator pages: remembers what it was asked, and answers what it was told to."""

    def __init__(self):
        self.asked = []
        self.answers = []
        self.ahead = 0.0
        sandbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                sandbox.handle(self)

            do_POST = do_GET

            def log_message(self, *_arguments):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def handle(self, request):
        body = json.loads(request.rfile.read(int(request.headers.get("Content-Length") or 0)) or b"null")
        if request.path == "/_sandbox/clock":
            self.ahead += (body or {}).get("advance_seconds", 0)
            status, answer = 200, {"now": (datetime.now(UTC) + timedelta(seconds=self.ahead)).isoformat()}
        else:
            self.asked.append((request.command, request.path.removeprefix("/_sandbox"), body))
            status, answer = self.answers.pop(0)
        text = json.dumps(answer).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def sandbox():
    made = Sandbox()
    yield made
    made.stop()


@pytest.fixture
def at_desk(crossdock, sandbox, monkeypatch):
    """Run a command whose answer is this; the sandbox's address is in the environment."""
    monkeypatch.setenv("CROSSDOCK_SANDBOX_SHOPEE", sandbox.url)
    monkeypatch.setenv("CROSSDOCK_SANDBOX_LS_CENTRAL", sandbox.url + "/")

    def command(*arguments, answer=None, status=200):
        sandbox.answers.append((status, answer))
        return crossdock("sandbox", *arguments)

    return command


def test_a_placed_order_is_answered_with_its_number_alone(at_desk, sandbox):
    ended = at_desk(
        *("order", "create", "--item", "40020-001:2:25.00:19.90", "--item", "10003"),
        *("--seller-voucher", "3.00", "--shipping-fee", "1.99", "--carrier", "Ninja Van", "--unpaid"),
        answer=ORDER,
    )
    assert (ended.code, ended.out) == (0, "A1\n")
    [(method, path, body)] = sandbox.asked
    assert (method, path) == ("POST", "/orders")
    assert body["items"] == [
        {"sku": "40020-001", "quantity": "2", "original_price": "25.00", "discounted_price": "19.90"},
        {"sku": "10003"},
    ]
    assert (body["seller_voucher"], body["shipping_fee"], body["carrier"], body["paid"]) == (
        "3.00",
        "1.99",
        "Ninja Van",
        False,
    )


def test_whatever_else_an_order_is_to_have_comes_from_a_file(at_desk, sandbox, folder):
    (folder / "draft.json").write_text('{"cod": true, "items": [{"sku": "X"}]}')
    at_desk("order", "create", "--draft", "draft.json", "--coins", "1", answer=ORDER)
    [(_, _, body)] = sandbox.asked
    assert (body["cod"], body["items"], body["coins"]) == (True, [{"sku": "X"}], "1")
    assert "shipping_fee" not in body


@pytest.mark.parametrize("text", ["", ":2", "A:two", "A:1:", "A:1:2:3:4", "A:1:cheap"])
def test_an_item_that_cannot_be_read_is_said_in_one_line(crossdock, text):
    ended = crossdock("sandbox", "order", "create", "--item", text)
    assert ended.code == 2
    assert ended.errors == [
        f"error --item {text!r} is not SKU[:QUANTITY[:PRICE[:PAID]]]",
        "hint such as --item 40020-001:2:25.00:19.90",
    ]


@pytest.mark.parametrize(("text", "said"), [("{", "cannot be read as JSON"), ("[]", "is no JSON object")])
def test_a_draft_that_cannot_be_read_is_said_in_one_line(crossdock, folder, text, said):
    (folder / "draft.json").write_text(text)
    ended = crossdock("sandbox", "order", "create", "--draft", "draft.json")
    assert ended.code == 2
    assert ended.errors[0].startswith(f"error draft.json: {said}")


@pytest.mark.parametrize(
    "event", ["pay", "arrange", "pickup", "miss-pickup", "deliver", "complete", "split", "unsplit"]
)
def test_what_happens_to_an_order_is_a_command_of_its_own(at_desk, sandbox, event):
    ended = at_desk("order", event, "A1", answer=ORDER)
    assert ended.code == 0
    assert sandbox.asked == [("POST", f"/orders/A1/{event}", {})]
    assert ended.out.splitlines() == [
        "A1: PROCESSED",
        "  items: 2 x 10003",
        "  parcel P1: LOGISTICS_READY, tracking number T1",
    ]


def test_seller_and_buyer_cancel_each_in_their_way(at_desk, sandbox):
    cancelled = ORDER | {"order_status": "CANCELLED", "cancel_by": "seller", "cancel_reason": "Out of Stock"}
    ended = at_desk("order", "cancel", "A1", "--reason", "Out of Stock", answer=cancelled)
    assert "A1: CANCELLED, cancelled by seller: Out of Stock" in ended.out
    at_desk("order", "wish", "A1", "--reason", "Other", answer=ORDER)
    assert sandbox.asked == [
        ("POST", "/orders/A1/cancel", {"by": "seller", "reason": "Out of Stock"}),
        ("POST", "/orders/A1/buyer-cancel-request", {"reason": "Other"}),
    ]


def test_some_units_are_cancelled_while_the_rest_goes_on(at_desk, sandbox):
    at_desk("order", "cancel", "A1", "--part", "10003:2", answer=ORDER)
    at_desk("order", "cancel", "A1", "--part", "10003", answer=ORDER)
    assert [(path, body) for _, path, body in sandbox.asked] == [
        ("/orders/A1/cancel-part", {"sku": "10003", "quantity": "2"}),
        ("/orders/A1/cancel-part", {"sku": "10003", "quantity": "1"}),
    ]


def test_the_buyer_is_charged_another_shipping_fee(at_desk, sandbox):
    at_desk("order", "shipping-fee", "A1", "5.49", answer=ORDER)
    assert sandbox.asked == [("POST", "/orders/A1/shipping-fee", {"amount": "5.49"})]


def test_a_buyer_sends_goods_back(at_desk, sandbox):
    ended = at_desk("order", "return", "A1", "--refund", "5.00", "--refund-only", answer=RETURN)
    assert ended.out == "return_sn: R1\nitems: 2 x 10003\n"
    [(_, path, body)] = sandbox.asked
    assert path == "/orders/A1/return"
    assert (body["refund_amount"], body["refund_only"]) == ("5.00", True)


def test_orders_are_shown_for_people_and_for_machines(at_desk):
    assert at_desk("order", "show", "A1", "--json", answer=ORDER).data == ORDER
    assert "T1" in at_desk("order", "list", answer={"orders": [ORDER]}).out
    assert at_desk("order", "list", answer={"orders": []}).out == "There are no orders.\n"


@pytest.mark.parametrize("action", ["post", "cancel"])
def test_a_customer_order_is_posted_or_cancelled_whole_or_in_part(at_desk, sandbox, action):
    at_desk("ls", action, "A1", answer=DOCUMENT)
    at_desk("ls", action, "A1", "--line", "10000=1", answer=DOCUMENT)
    assert sandbox.asked == [
        ("POST", f"/orders/A1/{action}", {"lines": []}),
        ("POST", f"/orders/A1/{action}", {"lines": [{"line_no": "10000", "quantity": "1"}]}),
    ]


def test_a_line_that_cannot_be_read_is_said_in_one_line(crossdock):
    ended = crossdock("sandbox", "ls", "post", "A1", "--line", "one=1")
    assert ended.code == 2
    assert ended.errors == ["error --line 'one=1' is not NO=QUANTITY", "hint such as --line 10000=1"]


def test_a_customer_order_is_shown_with_what_was_posted(at_desk, sandbox):
    ended = at_desk("ls", "show", "A1", answer=DOCUMENT)
    assert sandbox.asked == [("GET", "/orders/A1", None)]
    assert ended.out.startswith("CO1: posted, External ID A1, amount 19.8\n")
    assert "posted shipment 102001: Package Tracking No. (blank)\nposted invoice 103001\n" in ended.out
    assert "CO1" in at_desk("ls", "list", answer={"orders": [DOCUMENT]}).out


def test_picking_and_deleting_name_the_order_alone(at_desk, sandbox):
    at_desk("ls", "pick", "A1", answer=DOCUMENT)
    assert at_desk("ls", "delete", "A1", answer={"deleted": "CO1"}).out == "CO1: deleted\n"
    assert sandbox.asked == [("POST", "/orders/A1/pick", {}), ("POST", "/orders/A1/delete", {})]


def test_a_pick_may_be_short_of_what_the_store_does_not_find(at_desk, sandbox, crossdock):
    at_desk("ls", "pick", "A1", "--short", "10000=1", "--short", "20000=2", answer=DOCUMENT)
    [(_, path, body)] = sandbox.asked
    lines = [{"line_no": "10000", "quantity": "1"}, {"line_no": "20000", "quantity": "2"}]
    assert (path, body) == ("/orders/A1/short-pick", {"lines": lines})
    assert crossdock("sandbox", "ls", "pick", "A1", "--short", "1").errors[0].startswith("error --short '1' is not")


def test_a_customer_order_is_put_on_hold_and_released(at_desk, sandbox):
    held = at_desk("ls", "hold", "A1", answer=DOCUMENT | {"state": "open", "on_hold": True})
    assert held.out.startswith("CO1: open, on hold, External ID A1")
    released = at_desk("ls", "hold", "A1", "--release", answer=DOCUMENT | {"on_hold": False})
    assert "on hold" not in released.out
    assert [(path, body["on_hold"]) for _, path, body in sandbox.asked] == [
        ("/orders/A1/hold", True),
        ("/orders/A1/hold", False),
    ]


def test_items_are_created_and_get_stock_and_prices(at_desk, sandbox):
    ended = at_desk("ls", "item", "777", "--price", "3", "--stock", "4", "--variant", "RED", answer=ITEM)
    assert ended.out == "777 New: price 3; 4 of it at S0013\n"
    at_desk("ls", "stock", "777", "9", answer=ITEM)
    at_desk("ls", "price", "777", "2.50", "--variant", "RED", answer=ITEM)
    assert [(path, body) for _, path, body in sandbox.asked] == [
        ("/items", {"number": "777", "description": "", "unit_price": "3", "stock": "4", "variants": ["RED"]}),
        ("/items/777/stock", {"quantity": "9", "variant": ""}),
        ("/items/777/price", {"unit_price": "2.50", "variant": "RED"}),
    ]


def test_what_cannot_be_done_is_said_in_the_sandboxs_words(at_desk):
    ended = at_desk("ls", "show", "X", status=404, answer={"error": "there is no order X"})
    assert ended.code == 1
    assert ended.errors == ["error the ls_central sandbox refuses: there is no order X"]
    details = [{"loc": ["by"], "msg": "not a party"}]
    ended = at_desk("order", "cancel", "A1", status=422, answer={"error": "invalid body", "details": details})
    assert ended.errors == ["error the shopee sandbox refuses: invalid body; by: not a party"]
    assert at_desk("order", "show", "A1", answer=[1]).errors == ["error the shopee sandbox refuses: [1]"]


def test_where_no_sandbox_runs_it_says_how_to_start_one(crossdock):
    ended = crossdock("sandbox", "order", "show", "A1", "--url", "http://127.0.0.1:1")
    assert ended.code == 3
    assert ended.errors == [
        "error no shopee sandbox answers at http://127.0.0.1:1",
        "hint start it with: crossdock sandbox shopee; or say where it is with --url",
    ]


def test_the_clock_moves_all_sandboxes_to_one_time_and_says_how_crossdock_follows(crossdock, sandbox):
    other = Sandbox()
    other.ahead = 40
    try:
        ended = crossdock("sandbox", "clock", "60", "--url", sandbox.url, "--url", other.url)
        assert ended.code == 0
        assert ended.out.splitlines()[0] == "export CROSSDOCK_CLOCK_AHEAD=100"
        assert all(line.startswith("# ") for line in ended.out.splitlines()[1:])
        assert (round(sandbox.ahead), round(other.ahead)) == (100, 100)
        again = crossdock("sandbox", "clock", "--url", sandbox.url, "--url", other.url, "--json")
        assert again.data == {"ahead_seconds": 100, "sandboxes": [sandbox.url, other.url]}
    finally:
        other.stop()


def test_only_sandboxes_that_run_are_moved(crossdock, sandbox, monkeypatch):
    for plugin in discovery.installed():  # also where somebody's own sandbox runs while the tests do
        monkeypatch.setenv(f"CROSSDOCK_SANDBOX_{plugin.name.upper()}", "http://127.0.0.1:1")
    monkeypatch.setenv("CROSSDOCK_SANDBOX_ACME_SHOP", "http://127.0.0.1:1")
    nobody = crossdock("sandbox", "clock", "60")
    assert nobody.code == 3
    assert nobody.errors[0] == "error no sandbox runs where they usually do"
    assert crossdock("sandbox", "clock", "60", "--url", "http://127.0.0.1:1").code == 3
    monkeypatch.setenv("CROSSDOCK_SANDBOX_ACME_SHOP", sandbox.url)
    assert crossdock("sandbox", "clock", "60").code == 0
    assert round(sandbox.ahead) == 60
