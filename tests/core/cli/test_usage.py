def test_without_a_command_the_help_is_shown(crossdock):
    ended = crossdock()
    assert ended.code == 0
    assert "Usage: crossdock" in ended.out


def test_a_misspelt_command_names_the_nearest(crossdock):
    ended = crossdock("plugnis")
    assert ended.code == 2
    assert ended.errors == ["error No such command 'plugnis'. Did you mean 'plugins'?", "hint crossdock --help"]


def test_a_misspelt_option_names_the_nearest_and_the_commands_help(crossdock):
    ended = crossdock("sandbox", "--prot", "1")
    assert ended.code == 2
    assert "--port" in ended.errors[0]
    assert ended.errors[1] == "hint crossdock sandbox --help"


def test_a_missing_configuration_says_how_to_get_one(crossdock):
    ended = crossdock("check")
    assert ended.code == 2
    assert ended.errors[0] == "error crossdock.toml: there is no such file"
    assert "crossdock init" in ended.errors[1]


def test_the_configuration_may_be_named_before_or_behind_the_command(crossdock, monkeypatch):
    assert "a.toml: there is no such file" in crossdock("--config", "a.toml", "check").err
    assert "b.toml: there is no such file" in crossdock("check", "--config", "b.toml").err
    assert "config: there is no such file" in crossdock("--config", "config", "status").err
    monkeypatch.setenv("CROSSDOCK_CONFIG", "c.toml")
    assert "c.toml: there is no such file" in crossdock("check").err


def test_every_problem_of_the_configuration_is_one_line_and_a_hint(crossdock, folder):
    (folder / "crossdock.toml").write_text('[connections.a]\nplugin = "acme_shpo"\n[rotes.x]\n')
    ended = crossdock("check")
    assert ended.code == 2
    assert [line.split(" (installed")[0] for line in ended.errors] == [
        "error crossdock.toml:2: connections.a.plugin: plugin acme_shpo: it is not installed",
        "hint did you mean 'acme_shop'?",
        "error crossdock.toml:3: rotes: there is no such table or key",
        "hint did you mean 'routes'?",
        "2 problems",
    ]


def test_a_traceback_is_shown_only_when_asked_for(crossdock):
    assert "Traceback" not in crossdock("check").err
    assert "Traceback" in crossdock("--debug", "check").err


def test_the_version_is_shown(crossdock):
    assert crossdock("--version").out.startswith("crossdock ")
