"""One WebSocket: reads frames, carries them out, and sends what the hub has for it."""

import asyncio
import contextlib
import json
import time
from typing import Any
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
from app.settings import Settings

BROKEN_FRAMES = 4002
TOO_SLOW = 4008
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
        self._broken = 0
        # The newest message of the room that was subscribed to last.
        self._newest = 0

    def put(self, frame: frames.ServerFrame) -> None:
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            self._too_slow.set()

    async def run(self) -> None:
        """Serve the connection until it ends."""
        await self._hub.connect(self)
        tasks = [
            asyncio.create_task(self._read()),
            asyncio.create_task(self._write()),
            asyncio.create_task(self._too_slow.wait()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if tasks[2] in done:
                log.info("client too slow", user_id=str(self.user_id))
                tasks[1].cancel()
                await self._close(TOO_SLOW)
            for task in done:
                task.result()
        except WebSocketDisconnect:
            pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._hub.disconnect(self)

    async def _close(self, code: int) -> None:
        # The client may be gone already, or never read the close frame.
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            await asyncio.wait_for(self._socket.close(code), timeout=5)

    async def _write(self) -> None:
        while True:
            await self._socket.send_text(frames.to_text(await self._queue.get()))

    async def _read(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                await self._close(status.WS_1003_UNSUPPORTED_DATA)
                return
            if len(text.encode("utf-8", "replace")) > self._settings.socket_frame_bytes:
                await self._close(status.WS_1009_MESSAGE_TOO_BIG)
                return
            await self._answer(text)
            if self._broken >= MOST_BROKEN:
                await self._close(BROKEN_FRAMES)
                return

    async def _answer(self, text: str) -> None:
        """Carry one frame out, and say that it was or why it was not."""
        frame_id = None
        try:
            content = _parsed(text)
            if isinstance(content, dict) and isinstance(content.get("id"), str):
                frame_id = content["id"][:64]
            self._allowance.take()
            frame = _checked(text)
            self.put(await self._carry_out(frame))
            self._broken = 0
            if isinstance(frame, frames.Subscribe):
                self._begin(frame)
        except Refused as refused:
            self._broken += refused.code == "invalid"
            self.put(frames.Error(id=frame_id, code=refused.code, detail=refused.detail))

    async def _carry_out(self, frame: frames.Frame) -> frames.Ack:
        try:
            async with self._database.session() as session:
                return await self._dispatch(session, frame)
        except NotFoundError as error:
            raise Refused("not_found", error.detail) from error
        except ForbiddenError as error:
            raise Refused("forbidden", error.detail) from error
        except DatabaseUnavailableError as error:
            raise Refused("unavailable", error.detail) from error
        except ServiceError as error:
            raise Refused("invalid", error.detail) from error
        except Exception as error:
            if is_unavailable(error):
                raise Refused("unavailable", DatabaseUnavailableError.detail) from error
            raise

    async def _dispatch(self, session: AsyncSession, frame: frames.Frame) -> frames.Ack:  # noqa: PLR0911 - one line for each type
        match frame:
            case frames.Subscribe():
                return await self._subscribe(session, frame)
            case frames.Unsubscribe():
                self._hub.unsubscribe(self, frame.room_id)
                return frames.Ack(id=frame.id)
            case frames.Send():
                message, is_new = await service.send(
                    session, self.user_id, frame.room_id, frame.client_id, frame.text
                )
                if is_new:
                    body = MessageBody.of(message, self.user_id)
                    await self._hub.tell(frames.MessageEvent(type="message.created", message=body))
                return self._ack(frame.id, message)
            case frames.Edit():
                message = await service.edit(session, self.user_id, frame.message_id, frame.text)
                return await self._tell("message.edited", frame.id, message)
            case frames.Delete():
                message = await service.delete(session, self.user_id, frame.message_id)
                return await self._tell("message.deleted", frame.id, message)
            case frames.Typing():
                if frame.room_id not in self.rooms:
                    raise Refused("forbidden", "Subscribe to the room first.")
                await self._hub.tell(
                    frames.TypingEvent(room_id=frame.room_id, user_id=self.user_id)
                )
                return frames.Ack(id=frame.id)
            case frames.Read():
                seq = await service.mark_read(session, self.user_id, frame.room_id, frame.seq)
                await self._hub.tell_read(frame.room_id, self.user_id, seq)
                return frames.Ack(id=frame.id)

    async def _subscribe(self, session: AsyncSession, frame: frames.Subscribe) -> frames.Ack:
        if frame.room_id not in self.rooms and len(self.rooms) >= self._settings.socket_rooms:
            raise Refused(
                "too_many_rooms", f"At most {self._settings.socket_rooms} rooms per connection."
            )
        await service.membership_of(session, self.user_id, frame.room_id)
        # Listening begins before the number is read: what is said in between is not missed.
        self._hub.subscribe(self, frame.room_id)
        self._newest = await service.last_seq(session, frame.room_id)
        return frames.Ack(id=frame.id, last_seq=self._newest)

    def _begin(self, frame: frames.Subscribe) -> None:
        """Let messages come; the acknowledgement is queued before them."""
        after = self._newest if frame.after is None else min(frame.after, self._newest)
        self.rooms[frame.room_id].begin(after, self._newest)

    async def _tell(self, kind: Any, frame_id: str, message: Message) -> frames.Ack:
        body = MessageBody.of(message)
        await self._hub.tell(frames.MessageEvent(type=kind, message=body))
        return self._ack(frame_id, message)

    def _ack(self, frame_id: str, message: Message) -> frames.Ack:
        return frames.Ack(id=frame_id, message=MessageBody.of(message, self.user_id))


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
