"""What is known about images; their bytes are elsewhere (storage.py)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Media(Base):
    """An uploaded image with its thumbnail."""

    __tablename__ = "media"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # The post that shows it; deleting the post deletes it.
    post_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), index=True
    )
    # Names of files, which nobody can guess.
    file: Mapped[str] = mapped_column(String(100))
    thumbnail: Mapped[str] = mapped_column(String(100))
    width: Mapped[int]
    height: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
