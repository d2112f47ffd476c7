"""Pictures: fetched from where the product says they are, uploaded once, known by their content."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from hashlib import sha256

import msgspec

from crossdock.contract import Toolbox
from crossdock.errors import Refused
from crossdock.http import HttpClient, Request
from crossdock.model import Image
from crossdock_shopee.client.gateway import Gateway

__all__ = ["Images"]

_KINDS = {b"\xff\xd8": ("jpg", "image/jpeg"), b"\x89P": ("png", "image/png")}
_MOST_BYTES = 10 * 2**20
_MOST_IMAGES = 9
_BOUNDARY = "crossdock-image-boundary"


class ImageInfo(msgspec.Struct):
    """The number under which a picture is kept."""

    image_id: str


class Uploaded(msgspec.Struct):
    """What upload_image answers."""

    image_info: ImageInfo


class Images:
    """Uploads pictures of products.

    Args:
        gateway: sends the calls.
        toolbox: lends an unsigned client for other people's addresses, and the vault that remembers what was uploaded.
    """

    def __init__(self, gateway: Gateway, toolbox: Toolbox) -> None:
        self._gateway = gateway
        self._vault = toolbox.vault
        self._open = toolbox.http
        self._http: HttpClient | None = None

    async def upload(self, images: Sequence[Image]) -> list[str]:
        """Their numbers for `images`, in order; what was uploaded before, by whatever process, is not sent again.

        Pictures without an address are left out: their backend does not say where they are.

        Raises:
            Refused: a picture cannot be fetched, is too large, or is neither JPEG nor PNG.
        """
        ordered = sorted((image for image in images if image.url), key=lambda image: image.position)
        return [await self._one(image) for image in ordered[:_MOST_IMAGES]]

    async def _one(self, image: Image) -> str:
        content = await self._fetch(image)
        name = f"image/{sha256(content).hexdigest()}"
        known = await self._vault.read(name)
        if known:
            return known
        found = await self._send(image, content)
        await self._vault.write(name, found)
        return found

    async def _fetch(self, image: Image) -> bytes:
        if image.url.startswith("data:"):
            return b64decode(image.url.partition(",")[2])
        if self._http is None:
            self._http = self._open()
        response = await self._http.send(Request("GET", image.url, verb="fetch_image"))
        if response.status != 200:
            hint = "see whether its address is right and open to everybody"
            raise Refused(f"Picture {image.id} cannot be fetched: HTTP {response.status}.", code="image", hint=hint)
        return response.body

    async def _send(self, image: Image, content: bytes) -> str:
        kind = _KINDS.get(content[:2])
        if kind is None or len(content) > _MOST_BYTES:
            hint = "Shopee takes JPEG and PNG up to 10 MB"
            raise Refused(f"Picture {image.id} of {len(content)} bytes cannot be used.", code="image", hint=hint)
        suffix, media_type = kind
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="image.{suffix}"\r\n'
            f"Content-Type: {media_type}\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        form = f"multipart/form-data; boundary={_BOUNDARY}"
        answer = await self._gateway.upload("media_space/upload_image", body, form, Uploaded, verb="push_product")
        return answer.image_info.image_id
