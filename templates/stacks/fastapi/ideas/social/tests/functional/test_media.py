"""Images: what is taken, what is stored of it, and when it is deleted."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from moto.server import ThreadedMotoServer
from PIL import Image
from sqlalchemy import update

from app.clock import now
from app.media import images
from app.media.models import Media
from app.settings import Settings
from tests.errors import assert_error
from tests.people import API, PASSWORD, Join, Person
from tests.pictures import SECRET, opened, picture

MEDIA = f"{API}/media"
# The store of the tests asks for a signature, but does not check it.
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=key/20261122/us-east-1/s3/aws4_request, "
    "SignedHeaders=host, Signature=none"
}


async def upload(person: Person, data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    """Upload an image and return it."""
    response = await person.post(MEDIA, content=data, headers={"Content-Type": media_type})
    assert response.status_code == 201, response.text
    media: dict[str, Any] = response.json()
    return media


class TestUpload:
    @pytest.mark.parametrize(
        ("image_format", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")]
    )
    async def test_an_image_is_stored_beside_a_thumbnail(
        self, ada: Person, image_format: str, extension: str
    ) -> None:
        # The content decides, not the type that the client names.
        media = await upload(ada, picture(image_format))
        assert (media["width"], media["height"]) == (600, 300)
        assert media["mediaType"] == f"image/{image_format.lower()}"
        assert media["url"].endswith(f".{extension}")
        for url, size in ((media["url"], (600, 300)), (media["thumbnailUrl"], (400, 200))):
            response = await ada.get(url)
            assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
            image = opened(response.content)
            assert image.size == size
            assert response.headers["content-type"] == Image.MIME[str(image.format)]

    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
    async def test_where_it_was_taken_is_not_stored(self, ada: Person, image_format: str) -> None:
        data = picture(image_format)
        assert SECRET.encode() in data
        media = await upload(ada, data)
        for url in (media["url"], media["thumbnailUrl"]):
            stored = (await ada.get(url)).content
            assert SECRET.encode() not in stored
            assert not opened(stored).getexif()

    async def test_it_is_turned_as_the_camera_was(self, ada: Person) -> None:
        media = await upload(ada, picture("JPEG", orientation=6))
        assert (media["width"], media["height"]) == (300, 600)
        stored = opened((await ada.get(media["url"])).content).convert("RGB")
        top = stored.getpixel((150, 10))
        assert isinstance(top, tuple)
        assert top[2] > top[0]

    async def test_what_is_transparent_stays_so(self, ada: Person) -> None:
        media = await upload(ada, picture("PNG", transparent=True))
        assert opened((await ada.get(media["url"])).content).mode == "RGBA"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"This is not a picture.",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\0;",
            picture("PNG")[:200],
            picture("JPEG")[:200],
            picture("WEBP")[:60],
        ],
    )
    async def test_what_is_no_image_is_refused(self, ada: Person, data: bytes) -> None:
        response = await ada.post(MEDIA, content=data, headers={"Content-Type": "image/png"})
        assert_error(response, 422)

    async def test_more_pixels_than_memory_is_there_for_are_refused(
        self, ada: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(images, "MAX_PIXELS", 600 * 300 - 1)
        headers = {"Content-Type": "image/png"}
        assert_error(await ada.post(MEDIA, content=picture("PNG"), headers=headers), 422)

    async def test_more_than_5_mib_are_refused(self, ada: Person) -> None:
        headers = {"Content-Type": "image/png"}
        response = await ada.post(MEDIA, content=bytes(5 * 2**20 + 1), headers=headers)
        assert_error(response, 413)

    @pytest.mark.parametrize("media_type", ["image/svg+xml", "application/json", ""])
    async def test_another_type_is_refused(self, ada: Person, media_type: str) -> None:
        response = await ada.post(MEDIA, content=b"x", headers={"Content-Type": media_type})
        assert_error(response, 415)

    @pytest.mark.parametrize("name", ["nothing.webp", "nothing.txt", "..", "a b.png"])
    async def test_what_is_not_there_is_404(self, client: httpx.AsyncClient, name: str) -> None:
        assert_error(await client.get(f"/media/{name}"), 404)


class TestPosts:
    async def test_a_post_shows_its_images_in_their_order(self, ada: Person) -> None:
        uploads = [await upload(ada, picture("PNG")) for _ in range(4)]
        post = await ada.post_text("Look", mediaIds=[media["id"] for media in uploads])
        assert post["media"] == uploads
        (listed,) = await ada.items("/profiles/ada/posts")
        assert listed == post

    async def test_an_image_is_of_one_post_and_of_its_owner(
        self, ada: Person, grace: Person
    ) -> None:
        media = await upload(ada, picture("PNG"))
        body = {"text": "Mine", "mediaIds": [media["id"]]}
        await grace.expect(404, "POST", "/posts", json=body)
        await ada.expect(201, "POST", "/posts", json=body)
        await ada.expect(404, "POST", "/posts", json=body)

    async def test_the_files_are_deleted_with_the_post(self, ada: Person) -> None:
        media = await upload(ada, picture("PNG"))
        post = await ada.post_text("Look", mediaIds=[media["id"]])
        await ada.expect(204, "DELETE", f"/posts/{post['id']}")
        for url in (media["url"], media["thumbnailUrl"]):
            assert_error(await ada.get(url), 404)

    async def test_the_files_are_deleted_with_the_account(self, ada: Person, grace: Person) -> None:
        media = await upload(ada, picture("PNG"))
        await ada.expect(204, "DELETE", "/users/me", json={"password": PASSWORD})
        assert_error(await grace.get(media["url"]), 404)


class TestAvatar:
    async def test_it_is_beside_the_name_everywhere(self, ada: Person, grace: Person) -> None:
        media = await upload(ada, picture("PNG"))
        me = await ada.expect(200, "PATCH", "/users/me", json={"avatarId": media["id"]})
        assert me["avatar"] == media
        post = await ada.post_text("Hello")
        assert post["author"]["avatarUrl"] == media["thumbnailUrl"]
        profile = await grace.expect(200, "GET", "/profiles/ada")
        assert profile["avatarUrl"] == media["thumbnailUrl"]
        body = {"text": "Mine", "mediaIds": [media["id"]]}
        await ada.expect(404, "POST", "/posts", json=body)
        me = await ada.expect(200, "PATCH", "/users/me", json={"avatarId": None})
        assert me["avatar"] is None

    async def test_it_must_be_an_own_image(self, ada: Person, grace: Person) -> None:
        media = await upload(grace, picture("PNG"))
        await ada.expect(404, "PATCH", "/users/me", json={"avatarId": media["id"]})


async def test_after_a_day_an_unused_image_is_deleted(
    app: FastAPI, ada: Person, grace: Person
) -> None:
    unused, used, avatar = [await upload(ada, picture("PNG")) for _ in range(3)]
    await ada.post_text("Look", mediaIds=[used["id"]])
    await ada.expect(200, "PATCH", "/users/me", json={"avatarId": avatar["id"]})
    async with app.state.database.session() as session:
        await session.execute(update(Media).values(created_at=now() - timedelta(hours=25)))
        await session.commit()
    young = await upload(grace, picture("PNG"))
    assert_error(await ada.get(unused["url"]), 404)
    for media in (used, avatar, young):
        assert (await ada.get(media["url"])).status_code == 200


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server that speaks S3, with a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    httpx.put(f"{endpoint}/images").raise_for_status()
    yield endpoint
    server.stop()


def in_bucket(endpoint: str, name: str) -> httpx.Response:
    """Ask the store itself for a file."""
    return httpx.get(f"{endpoint}/images/{name}", headers=SIGNED)


class TestBucket:
    @pytest.fixture
    def settings(self, settings: Settings, endpoint: str) -> Settings:
        values = settings.model_dump(exclude_unset=True)
        bucket = {
            "media_url": "s3://images",
            "s3_endpoint": endpoint,
            "s3_access_key_id": "key",
            "s3_secret_access_key": "secret",
        }
        return Settings(**{**values, **bucket})

    async def test_images_are_kept_there(self, ada: Person, endpoint: str) -> None:
        media = await upload(ada, picture("PNG"))
        name = media["url"].rpartition("/")[2]
        assert (await ada.get(media["url"])).content == in_bucket(endpoint, name).content
        post = await ada.post_text("Look", mediaIds=[media["id"]])
        await ada.expect(204, "DELETE", f"/posts/{post['id']}")
        assert_error(await ada.get(media["url"]), 404)
        assert in_bucket(endpoint, name).status_code == 404

    def test_it_needs_keys(self) -> None:
        with pytest.raises(ValueError, match="S3_ACCESS_KEY_ID"):
            Settings(media_url="s3://images")


class TestStoreThatIsDown:
    @pytest.fixture
    def settings(self, settings: Settings, tmp_path: Path) -> Settings:
        return settings.model_copy(update={"media_url": str(tmp_path / "media")})

    async def test_it_is_503_and_nothing_is_stored(
        self, ada: Person, join: Join, tmp_path: Path
    ) -> None:
        media = await upload(ada, picture("PNG"))
        folder = tmp_path / "media"
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        folder.write_text("in the way")
        headers = {"Content-Type": "image/png"}
        assert_error(await ada.post(MEDIA, content=picture("PNG"), headers=headers), 503)
        assert (await ada.get(media["url"])).status_code in {404, 503}
        # Deleting goes on: a file that stays is found by nobody.
        await ada.expect(204, "DELETE", "/users/me", json={"password": PASSWORD})
