"""One WebSocket: reads frames, carries them out, and sends what the hub has for it."""

import asyncio
import contextlib
import json
import time
from uuid import UUID

import structlog
from fastapi import WebSocket, WebSocketDisconnect, status
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database, is_unavailable
from app.errors import DatabaseUnavailableError, NotFoundError, ServiceError
from app.live import frames
from app.live.hub import Client, Hub
from app.messages import service
from app.messages.models import Message
from app.messages.schemas import MessageBody
from app.refusals import ForbiddenError
from app.rooms.service import UNKNOWN_ROOM
from app.settings import Settings

BROKEN_FRAMES = 4002
TOO_SLOW = 4008
# How long a client that is too slow has to take the frame that says so, in seconds.
CLOSE_TIMEOUT = 15
# So many frames in a row that are no frames, and the client is broken.
MOST_BROKEN = 10

log = structlog.stdlib.get_logger(__name__)


class Refused(Exception):  # noqa: N818 - an answer, no error of ours
    """A frame is not carried out."""

    def __init__(self, code: frames.ErrorCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Allowance:
    """So many a second, and twice as many at once.

    Args:
        per_second: How many.
    """

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._left = self._most = float(2 * per_second)
        self._at = time.monotonic()

    def take(self) -> None:
        """Take one.

        Raises:
            Refused: There is none.
        """
        moment = time.monotonic()
        self._left = min(self._most, self._left + (moment - self._at) * self._per_second)
        self._at = moment
        if self._left < 1:
            raise Refused("rate_limited", "Too many frames. Wait a second.")
        self._left -= 1


class Connection(Client):
    """A WebSocket that was accepted.

    Args:
        socket: The WebSocket.
        user_id: Whose it is.
        hub: The live side.
        database: Where messages are kept.
        settings: Its limits.
    """

    def __init__(
        self, socket: WebSocket, user_id: UUID, hub: Hub, database: Database, settings: Settings
    ) -> None:
        super().__init__(user_id)
        self._socket = socket
        self._hub = hub
        self._database = database
        self._settings = settings
        self._queue: asyncio.Queue[frames.ServerFrame] = asyncio.Queue(settings.socket_queue)
        self._allowance = Allowance(settings.socket_frames_per_second)
        self._too_slow = asyncio.Event()
        # Held while a frame is carried out, so that nothing stops half way.
        self._busy = asyncio.Lock()
        self._broken = 0

    def put(self, frame: frames.ServerFrame) -> None:
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            self._too_slow.set()

    async def drained(self) -> None:
        await self._queue.join()

    async def run(self) -> None:
        """Serve the connection until it ends, and say why if we end it."""
        try:
            await self._hub.connect(self)
            code = await self._serve()
        finally:
            await self._hub.disconnect(self)
        if code:
            await self._close(code)

    async def _serve(self) -> int | None:
        """Read and write; return the code to close with, or None if the client is gone."""
        reader = asyncio.create_task(self._read())
        writer = asyncio.create_task(self._write())
        slow = asyncio.create_task(self._too_slow.wait())
        try:
            # The writer is not waited for: that the client is gone, the reader hears too.
            await asyncio.wait({reader, slow}, return_when=asyncio.FIRST_COMPLETED)
            async with self._busy:
                reader.cancel()
        finally:
            for task in (reader, writer, slow):
                task.cancel()
            await asyncio.gather(reader, writer, slow, return_exceptions=True)
        if self._too_slow.is_set():
            log.info("client too slow", user_id=str(self.user_id))
            return TOO_SLOW
        return reader.result()

    async def _close(self, code: int) -> None:
        # The client may be gone already, or take nothing more, not even this.
        with contextlib.suppress(WebSocketDisconnect, TimeoutError):
            await asyncio.wait_for(self._socket.close(code), CLOSE_TIMEOUT)

    async def _write(self) -> None:
        while True:
            await self._socket.send_text(frames.to_text(await self._queue.get()))
            self._queue.task_done()

    async def _read(self) -> int | None:
        """Carry out what comes; return the code to close with, or None if the client is gone."""
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            text = message.get("text")
            if text is None:
                return status.WS_1003_UNSUPPORTED_DATA
            if len(text.encode()) > self._settings.socket_frame_bytes:
                return status.WS_1009_MESSAGE_TOO_BIG
            async with self._busy:
                await self._answer(text)
            if self._broken >= MOST_BROKEN:
                return BROKEN_FRAMES

    async def _answer(self, text: str) -> None:
        """Carry one frame out, and say that it was or why it was not."""
        frame_id = None
        try:
            content = _parsed(text)
            if isinstance(content, dict) and isinstance(content.get("id"), str):
                frame_id = content["id"][:64]
            self._allowance.take()
            await self._carry_out(_checked(text))
            self._broken = 0
        except Refused as refused:
            self._broken += refused.code == "invalid"
            self.put(frames.Error(id=frame_id, code=refused.code, detail=refused.detail))

    async def _carry_out(self, frame: frames.Frame) -> None:
        try:
            async with self._database.session() as session:
                await self._dispatch(session, frame)
        except Refused:
            raise
        except NotFoundError as error:
            raise Refused("not_found", error.detail) from error
        except ForbiddenError as error:
            raise Refused("forbidden", error.detail) from error
        except Exception as error:
            if is_unavailable(error):
                raise Refused("unavailable", DatabaseUnavailableError.detail) from error
            log.exception("frame failed", frame=frame.type)
            raise Refused("internal", ServiceError.detail) from error

    async def _dispatch(self, session: AsyncSession, frame: frames.Frame) -> None:
        match frame:
            case frames.Subscribe():
                await self._subscribe(session, frame)
                return
            case frames.Unsubscribe():
                self._hub.unsubscribe(self, frame.room_id)
            case frames.Typing():
                await self._type(frame)
            case frames.Read():
                seq = await service.mark_read(session, self.user_id, frame.room_id, frame.seq)
                await self._hub.tell_read(frame.room_id, self.user_id, seq)
            case frames.Send():
                message = await service.send(
                    session, self.user_id, frame.room_id, frame.client_id, frame.text
                )
                await self._tell("message.created", frame.id, message)
                return
            case frames.Edit():
                message = await service.edit(session, self.user_id, frame.message_id, frame.text)
                await self._tell("message.edited", frame.id, message)
                return
            case frames.Delete():
                message = await service.delete(session, self.user_id, frame.message_id)
                await self._tell("message.deleted", frame.id, message)
                return
        self.put(frames.Ack(id=frame.id))

    async def _subscribe(self, session: AsyncSession, frame: frames.Subscribe) -> None:
        if frame.room_id not in self.rooms and len(self.rooms) >= self._settings.socket_rooms:
            raise Refused(
                "too_many_rooms", f"At most {self._settings.socket_rooms} rooms per connection."
            )
        # Listening begins before the database is asked: nothing that is said in between is missed,
        # and whoever is removed in between has no subscription any more.
        subscription = self._hub.subscribe(self, frame.room_id)
        try:
            newest = await service.last_seq(session, self.user_id, frame.room_id)
        except Exception:
            self._hub.unsubscribe(self, frame.room_id)
            raise
        if self.rooms.get(frame.room_id) is not subscription:
            raise NotFoundError(UNKNOWN_ROOM)
        self.put(frames.Ack(id=frame.id, last_seq=newest))
        subscription.begin(newest if frame.after is None else min(frame.after, newest), newest)

    async def _type(self, frame: frames.Typing) -> None:
        if frame.room_id not in self.rooms:
            raise Refused("forbidden", "Subscribe to the room first.")
        await self._hub.tell(frames.TypingEvent(room_id=frame.room_id, user_id=self.user_id))

    async def _tell(self, kind: frames.MessageKind, frame_id: str, message: Message) -> None:
        """Tell everybody of a message and then its sender that it is done.

        A message that was sent again is told again: whoever stored it may have died before telling.
        """
        body = MessageBody.of(message, message.author_id)
        await self._hub.tell(frames.MessageEvent(type=kind, message=body))
        self.put(frames.Ack(id=frame_id, message=body.seen_by(self.user_id)))


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("invalid", "The frame is not valid JSON.") from None


def _checked(text: str) -> frames.Frame:
    try:
        return frames.client_frame.validate_json(text)
    except ValidationError as error:
        raise Refused("invalid", frames.described(error)) from None
