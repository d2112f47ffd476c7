def test_a_route_between_a_connection_and_itself_is_refused(files, good):
    errors = files.errors(good.replace('backend = "books"', 'backend = "shop-sg"'))
    assert "crossdock.toml:15: routes.sg.backend: is the channel 'shop-sg' itself" in errors


def test_a_flow_that_a_connection_cannot_do_is_refused(files, good):
    assert files.errors(good + "[routes.sg.products]") == [
        "crossdock.toml:19: routes.sg.products: the backend 'books' (Books) cannot pull products",
        "crossdock.toml:19: routes.sg.products: the channel 'shop-sg' (Shop) cannot push product",
    ]
    assert files.hints(good + "[routes.sg.products]")[0] == "remove [routes.sg.products]"


def test_a_flow_that_is_switched_off_need_not_be_possible(files, good):
    assert files.load(good + "[routes.sg.products]\nenabled = false")


def test_an_option_that_a_connection_cannot_do_is_refused_with_the_plugins_own_reason(files, good):
    assert files.errors(good + "labels = true") == [
        "crossdock.toml:19: routes.sg.orders.labels: the channel 'shop-sg' (Shop) cannot fetch label: "
        "its carrier prints them."
    ]


def test_a_default_that_nobody_asked_for_is_no_reason_to_refuse(files):
    assert files.load().routes["sg"].flows["orders"].process_order  # the shop cannot arrange shipments


SECOND = """
[connections.other]
plugin = "books"
[routes.two]
channel = "shop-sg"
backend = "{backend}"
[routes.two.stock]
{more}
"""


def test_two_backends_may_not_set_the_stock_of_one_shop(files, good):
    text = good + "[routes.sg.stock]\n" + SECOND.format(backend="other", more="")
    (error,) = files.errors(text)
    assert error.replace(f"{files.folder}/", "") == (
        "crossdock.toml:26: routes.two.stock: the stock of 'shop-sg' is already set by route 'sg' from 'books' "
        "(crossdock.toml:19)"
    )


def test_a_switched_off_flow_sets_no_stock(files, good):
    assert files.load(good + "[routes.sg.stock]\n" + SECOND.format(backend="other", more="enabled = false"))


THIRD = """
[connections.shop-my]
plugin = "shop"
region = "MY"
shop_id = 600001
key = "another key"
[routes.my]
channel = "shop-my"
backend = "books"
[routes.my.stock]
{more}
"""


def test_two_channels_sell_one_stock_only_by_shares(files, good):
    text = good + "[routes.sg.stock]\n{more}\n" + THIRD
    (error,) = files.errors(text.format(more=""))
    assert error.endswith("routes.sg.stock: routes 'my' sell the stock of 'books' as well, 200 % of it together")
    assert files.hints(text.format(more="")) == [
        "give each a percentage, 100 together, or a priority; or say own_stock = true where the locations differ"
    ]
    assert files.load(text.format(more="percentage = 50"))
    assert files.load(text.format(more="own_stock = true"))


def test_channels_that_are_served_by_priority_each_have_a_number_and_leave_something(files, good):
    text = good + "[routes.sg.stock]\n{first}\n" + THIRD
    assert files.load(text.format(first="priority = 1\nmax_listed = 20", more="priority = 2"))
    wrong = [("priority = 1", ""), ("priority = 1\nmax_listed = 9", "priority = 1"), ("priority = 1", "priority = 2")]
    said = [files.errors(text.format(first=first, more=more)) for first, more in wrong]
    assert [errors[0].partition(": ")[2] for errors in said] == [
        "routes.my.stock: other routes that sell the stock of 'books' have a priority, this one has none",
        "routes.my.stock.priority: priority 1 is that of route 'sg' already",
        "routes.sg.stock.priority: priority 1 takes all the stock of 'books' and leaves nothing to the others",
    ]


def test_an_extension_must_be_declared(files, good):
    text = good.replace('backend = "books"', 'backend = "books"\nextensions = ["wrap", "warp"]')
    text += '[extensions.wrap]\nplugin = "gift_wrap"'
    assert files.errors(text) == ["crossdock.toml:16: routes.sg.extensions[1]: there is no extension 'warp'"]
    assert files.hints(text) == ["did you mean 'wrap'?"]


def test_options_of_a_route_are_the_plugins_own(files, good):
    assert files.load(good + '[routes.sg.channel_options]\nprefix = "A"').routes["sg"].channel_options.prefix == "A"
    assert files.errors(good + "[routes.sg.channel_options]\nperfix = 1") == [
        "crossdock.toml:20: routes.sg.channel_options.perfix: there is no such key"
    ]
    assert files.errors(good + "[routes.sg.backend_options]\nx = 1") == [
        "crossdock.toml:19: routes.sg.backend_options: Books takes no options of a route"
    ]
