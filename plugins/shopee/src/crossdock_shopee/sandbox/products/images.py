"""media_space.upload_image: pictures, of which only the id matters later."""

from __future__ import annotations

from typing import Any, Literal

from crossdock_shopee.sandbox.endpoint import Call, Endpoint
from crossdock_shopee.sandbox.products.bodies import image_url
from crossdock_shopee.sandbox.products.refusals import refused
from crossdock_shopee.sandbox.replies import Reply, wrapped
from crossdock_shopee.sandbox.requests import Request

MAX_BYTES = 10 * 2**20
MAX_IMAGES = 8
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class UploadRequest(Request):
    """The text fields of the form."""

    scene: Literal["normal", "desc"] = "normal"
    ratio: Literal["1:1", "3:4"] = "1:1"


def upload_image(call: Call, _ask: UploadRequest) -> Reply:
    """Take JPEG and PNG pictures in the field `image`; each fails alone, the first one is also answered by itself."""
    pictures = [content for name, content in call.files if name == "image"]
    if not 1 <= len(pictures) <= MAX_IMAGES:
        raise refused("error_param", f"invalid field Image: 1 to {MAX_IMAGES} images are allowed")
    rows = [_upload(call, place, content) for place, content in enumerate(pictures)]
    if all(row["error"] for row in rows):
        raise refused("error_param", rows[0]["message"])
    return wrapped({"image_info": rows[0].get("image_info"), "image_info_list": rows})


def _upload(call: Call, place: int, content: bytes) -> dict[str, Any]:
    if len(content) > MAX_BYTES or not content.startswith(_MAGIC):
        message = "Image must be JPG, JPEG or PNG and not larger than 10 MB."
        return {"id": place, "error": "error_param", "message": message}
    image_id = f"sg-11134201-{call.state.numbers.serial():x}-{len(content):08x}"
    call.state.images.add(image_id)
    shown = [{"image_url_region": "SG", "image_url": image_url(image_id)}]
    return {"id": place, "error": "", "message": "", "image_info": {"image_id": image_id, "image_url_list": shown}}


ENDPOINTS = (
    Endpoint(
        "POST",
        "media_space/upload_image",
        UploadRequest,
        upload_image,
        frozenset({"public", "shop"}),
        form=True,
    ),
)
