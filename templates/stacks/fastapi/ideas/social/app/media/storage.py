"""Where the bytes of images are: a folder, or a bucket of any store that speaks S3."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import obstore
import structlog
from fastapi import Depends, FastAPI, Request
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store
from pydantic import SecretStr, model_validator

from app.configuration import CommonSettings
from app.errors import ServiceError

BUCKET = "s3://"
TIMEOUT = timedelta(seconds=10)

log = structlog.stdlib.get_logger(__name__)


class MediaSettings(CommonSettings):
    """Where images are kept."""

    # A folder, or s3://bucket.
    media_url: str = "data/media"
    s3_endpoint: str | None = None
    s3_region: str = "us-east-1"
    s3_access_key_id: str | None = None
    s3_secret_access_key: SecretStr | None = None

    @model_validator(mode="after")
    def _require_keys(self) -> "MediaSettings":
        keys = self.s3_access_key_id and self.s3_secret_access_key
        if self.media_url.startswith(BUCKET) and not keys:
            raise ValueError("S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: must be set for a bucket")
        return self


class StorageUnavailableError(ServiceError):
    """The store does not do what it should."""

    status = 503
    detail = "The store for images does not answer. Try again later."
    headers: Mapping[str, str] = {"Retry-After": "5"}


class Storage:
    """Keeps files by their names.

    Args:
        store: What knows how: obstore has one way to talk to folders and to buckets.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, name: str, data: bytes) -> None:
        """Keep a file.

        Raises:
            StorageUnavailableError: It cannot be kept now.
        """
        try:
            await obstore.put_async(self._store, name, data)
        except (BaseError, OSError) as error:
            raise StorageUnavailableError from error

    async def get(self, name: str) -> bytes | None:
        """Return a file; None if there is none with this name.

        Raises:
            StorageUnavailableError: It cannot be read now.
        """
        try:
            found = await obstore.get_async(self._store, name)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise StorageUnavailableError from error

    async def delete(self, names: Iterable[str]) -> None:
        """Delete files; whoever asks need not know of a failure, because nothing links to them."""
        for name in names:
            try:
                await obstore.delete_async(self._store, name)
            except FileNotFoundError:
                pass
            except (BaseError, OSError) as error:
                log.warning("a file was not deleted", file=name, error=repr(error))


def make_storage(settings: MediaSettings) -> Storage:
    """Return what the settings say images are kept in."""
    if not settings.media_url.startswith(BUCKET):
        return Storage(LocalStore(Path(settings.media_url).absolute(), mkdir=True))
    secret = settings.s3_secret_access_key
    return Storage(
        S3Store(
            settings.media_url.removeprefix(BUCKET),
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            access_key_id=settings.s3_access_key_id,
            secret_access_key=secret.get_secret_value() if secret else None,
            # Stores on one's own machine have neither HTTPS nor a name for each bucket.
            virtual_hosted_style_request=settings.s3_endpoint is None,
            client_options={"allow_http": True, "timeout": TIMEOUT},
            retry_config={"max_retries": 1, "retry_timeout": TIMEOUT},
        )
    )


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the store when the application starts."""
    app.state.storage = make_storage(app.state.settings)
    yield


async def get_storage(request: Request) -> Storage:
    """Return the application's store."""
    storage: Storage = request.app.state.storage
    return storage


MediaStorage = Annotated[Storage, Depends(get_storage)]
