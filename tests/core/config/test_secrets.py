import pytest

SECRET = "s3cr3t-value"


def test_a_secret_is_read_from_the_environment(files, good):
    config = files.load(good.replace("public test key", "env:KEY"), KEY=SECRET)
    assert config.connections["shop-sg"].settings.key.get_secret_value() == SECRET
    assert SECRET not in repr(config)


def test_a_secret_is_read_from_a_file_beside_the_config(files, good):
    (files.folder / "key.txt").write_text(f"{SECRET}\n")
    config = files.load(good.replace("public test key", "file:key.txt"))
    assert config.connections["shop-sg"].settings.key.get_secret_value() == SECRET


@pytest.mark.parametrize(("environment", "state"), [({}, "is not set"), ({"KEY": ""}, "is empty")])
def test_a_variable_that_is_missing_names_itself_key_and_line(files, good, environment, state):
    errors = files.errors(good.replace("public test key", "env:KEY"), **environment)
    assert errors == [f"crossdock.toml:8: connections.shop-sg.key: the environment variable KEY {state}"]


def test_a_file_that_is_missing_names_itself_key_and_line(files, good):
    (error,) = files.errors(good.replace("public test key", "file:none.txt"))
    assert error == (
        "crossdock.toml:8: connections.shop-sg.key: the file none.txt cannot be read: No such file or directory"
    )


def test_a_secret_in_the_file_is_refused_and_not_shown(files, good):
    text = good.replace("allow_plain_secrets = true", "").replace("public test key", SECRET)
    assert files.errors(text) == ["crossdock.toml:8: connections.shop-sg.key: a secret may not stand in the file"]
    assert SECRET not in str(files.hints(text))


def test_a_secret_inside_a_nested_table_is_a_secret_too(files, good):
    text = good.replace("allow_plain_secrets = true", "").replace('key = "public test key"', 'key = "env:KEY"')
    text = text.replace('region = "SG"', f'region = "SG"\nmirrors.a = {{ host = "h", password = "{SECRET}" }}')
    (error,) = files.errors(text, KEY="x")
    assert error == "crossdock.toml:7: connections.shop-sg.mirrors.a.password: a secret may not stand in the file"


def test_a_secret_of_the_wrong_type_is_not_shown(files, good):
    (error,) = files.errors(good.replace('"public test key"', "123454321"))
    assert error == "crossdock.toml:8: connections.shop-sg.key: must be a valid string"


def test_any_value_may_come_from_outside_and_is_then_never_shown(files, good):
    text = good.replace("600000", '"env:SHOP"')
    assert files.load(text, SHOP="600001").connections["shop-sg"].settings.shop_id == 600001
    (error,) = files.errors(text, SHOP=SECRET)
    assert SECRET not in error
    assert error.startswith("crossdock.toml:7: connections.shop-sg.shop_id: must be a valid integer")


def test_a_password_in_the_ledgers_address_is_refused(files, good):
    text = good.replace("allow_plain_secrets = true", "").replace("public test key", "env:KEY")
    text += f'[ledger]\nurl = "postgresql://me:{SECRET}@db/crossdock"'
    assert files.errors(text, KEY="x") == ["crossdock.toml:20: ledger.url: a password may not stand in the file"]


def test_an_address_that_is_wrong_is_shown_without_who_signs_in(files, good):
    (error,) = files.errors(good + f'[ledger]\nurl = "postgresql://me:{SECRET}@db"')
    assert error.endswith("not 'postgresql://…@db'")
