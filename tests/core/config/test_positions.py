from crossdock.config.positions import Positions

TEXT = '''# a comment
top = 1

[connections."shop.sg"] # more
a.b = 2
inline = { c = 3, list = [ # comment
  { d = 4 },
  { d = 5 },
] }
text = """
[not.a.table]
e = 6
"""
[[rules]]
name = 1
[[rules.parts]]
x = 1
[[rules]]
name = 2
[rules.deep]
y = 1
'''


def test_every_way_to_write_a_key_has_its_line():
    line = Positions(TEXT).line
    assert line(("top",)) == 2
    assert line(("connections", "shop.sg")) == 4
    assert line(("connections", "shop.sg", "a", "b")) == 5
    assert line(("connections", "shop.sg", "inline", "c")) == 6
    assert line(("connections", "shop.sg", "inline", "list", 1, "d")) == 8
    assert line(("rules", 0, "name")) == 15
    assert line(("rules", 0, "parts", 0, "x")) == 17
    assert line(("rules", 1, "name")) == 19
    assert line(("rules", 1, "deep", "y")) == 21


def test_text_inside_a_string_is_no_key():
    assert Positions(TEXT).line(("not", "a", "table")) is None


def test_a_key_that_is_not_written_is_at_its_table():
    assert Positions(TEXT).line(("connections", "shop.sg", "missing")) == 4
    assert Positions(TEXT).line(("nowhere", "x")) is None


def test_text_that_is_no_toml_does_not_fail():
    assert Positions("[a\nb = ").line(("a",)) in (None, 1)
