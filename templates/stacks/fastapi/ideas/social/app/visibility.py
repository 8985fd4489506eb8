"""Who may see what: the one place where blocks, private accounts and moderation hide things.

Every query for something of somebody's goes through these conditions, so no route can forget one.
They are parts of SQL, because a list that is filtered afterwards has short pages and wrong counts.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select
from sqlalchemy.orm import aliased

from app.posts.models import Post
from app.relations.models import Kind, Relation
from app.users.models import User

# An alias, so that these queries stand for themselves inside of queries of relations.
_relation = aliased(Relation)


def related(viewer_id: UUID, kind: Kind) -> Select[UUID]:
    """Return the query for the accounts to which the viewer has a relation."""
    return select(_relation.target_id).where(
        _relation.source_id == viewer_id, _relation.kind == kind
    )


def _blocked(viewer_id: UUID) -> CompoundSelect[UUID]:
    """Return the query for the accounts between which and the viewer there is a block."""
    blocking = select(_relation.source_id).where(
        _relation.target_id == viewer_id, _relation.kind == Kind.BLOCK
    )
    return related(viewer_id, Kind.BLOCK).union_all(blocking)


def visible_profile(viewer_id: UUID, user: type[User] = User) -> ColumnElement[bool]:
    """Return the condition for accounts that exist for the viewer."""
    return and_(user.suspended_at.is_(None), user.id.not_in(_blocked(viewer_id)))


def open_profile(viewer_id: UUID, user: type[User] = User) -> ColumnElement[bool]:
    """Return the condition for accounts whose posts the viewer may see."""
    return and_(
        visible_profile(viewer_id, user),
        or_(
            user.private.is_(False),
            user.id == viewer_id,
            user.id.in_(related(viewer_id, Kind.FOLLOW)),
        ),
    )


def visible_post(
    viewer_id: UUID, post: type[Post] = Post, author: type[User] = User
) -> ColumnElement[bool]:
    """Return the condition for posts that exist for the viewer; `author` is joined to `post`."""
    return and_(
        open_profile(viewer_id, author),
        # Only its author still sees what a moderator has hidden.
        or_(post.hidden_at.is_(None), post.author_id == viewer_id),
    )
