import stat

import pytest

from crossdock.model import Label
from crossdock.runner.labels import LabelShelf


def label(content=b"%PDF 1", media_type="application/pdf"):
    return Label(shipment_id="P1", media_type=media_type, content=content)


async def test_a_label_is_kept_whole_and_only_for_us(tmp_path):
    shelf = LabelShelf(tmp_path / "labels")
    name = await shelf.keep("24", label())
    assert shelf.path(name).read_bytes() == b"%PDF 1"
    assert stat.S_IMODE(shelf.path(name).stat().st_mode) == 0o600


async def test_the_same_label_is_kept_once(tmp_path):
    shelf = LabelShelf(tmp_path)
    assert await shelf.keep("24", label()) == await shelf.keep("25", label())
    assert len(list(tmp_path.iterdir())) == 1
    assert await shelf.keep("24", label(b"%PDF 2")) != await shelf.keep("24", label())


@pytest.mark.parametrize(
    ("media_type", "ending"), [("application/pdf", ".pdf"), ("image/png", ".png"), ("text/zpl", ".bin")]
)
async def test_a_labels_name_tells_what_it_is(tmp_path, media_type, ending):
    assert (await LabelShelf(tmp_path).keep("24", label(media_type=media_type))).endswith(ending)
