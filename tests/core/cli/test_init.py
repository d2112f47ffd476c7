def test_init_writes_a_file_that_names_what_is_required(crossdock, folder):
    ended = crossdock("init", "--channel", "acme_shop", "--backend", "acme_shop", "--yes")
    assert ended.code == 0
    text = (folder / "crossdock.toml").read_text()
    assert '#   From the console.\nkey = "env:ACME_SHOP_KEY"\n' in text
    assert "#   The shop's number.\n# shop_id = …  (required)" in text
    assert '# mood = "well"' in text
    ended = crossdock("check")
    assert ended.code == 2
    assert "connections.channel.shop_id: is missing" in ended.err


def test_what_init_writes_is_valid_once_it_is_filled_in(crossdock, folder, monkeypatch):
    crossdock("init", "--channel", "acme_shop", "--backend", "acme_shop", "--yes")
    file = folder / "crossdock.toml"
    text = file.read_text().replace("# shop_id = …  (required)", "shop_id = 1")
    text = text.replace("# region = …  (required)", 'region = "SG"')
    file.write_text(text)
    monkeypatch.setenv("ACME_SHOP_KEY", "k")
    from crossdock import config, discovery

    assert list(config.load(file, discovery.find).routes) == ["main"]


def test_init_never_overwrites(crossdock, folder):
    (folder / "crossdock.toml").write_text("")
    ended = crossdock("init")
    assert ended.code == 2
    assert ended.errors[0] == "error crossdock.toml: is there already"


def test_init_copies_an_example(crossdock, folder):
    (folder / "mine").mkdir()
    (folder / "mine" / "crossdock.toml").write_text("# mine\n")
    assert crossdock("init", "--from", "mine").code == 0
    assert (folder / "crossdock.toml").read_text() == "# mine\n"
    ended = crossdock("--config", "b.toml", "init", "--from", "examples/shopee-ls-centrall")
    assert ended.code == 2
    assert "there is no example" in ended.err


def test_init_without_answers_says_what_to_give(crossdock):
    ended = crossdock("init", "--yes")
    assert ended.code == 2
    assert "--channel and --backend must be given" in ended.err
