"""Who may see what: the one place where blocks, private accounts and moderation hide things.

Every query for something of somebody's goes through these conditions, so no route can forget one.
They are parts of SQL, because a list that is filtered afterwards has short pages and wrong counts.

Who is looking is a parameter of the queries and not a part of them. So a query is made once, when
the application starts: making a long one takes longer than answering it, each time.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, or_, select

from app.lists import AnyColumn
from app.posts.models import Post
from app.relations.models import Kind, Relation
from app.users.models import User

# A query with one of these conditions is executed with `{"viewer_id": ...}`.
VIEWER = bindparam("viewer_id", type_=Uuid())


def _related(kind: Kind) -> Select[UUID]:
    """Return the query for the accounts to which the viewer has a relation."""
    return select(Relation.target_id.label("user_id")).where(
        Relation.source_id == VIEWER, Relation.kind == kind
    )


# The accounts between which and the viewer there is a block.
_BLOCKED = (
    _related(Kind.BLOCK)
    .union_all(
        select(Relation.source_id).where(Relation.target_id == VIEWER, Relation.kind == Kind.BLOCK)
    )
    .cte("blocked")
)
_FOLLOWED = _related(Kind.FOLLOW).union_all(select(VIEWER)).cte("followed")
_MUTED = _related(Kind.MUTE).cte("muted")


def is_followed(user_id: AnyColumn) -> ColumnElement[bool]:
    """Return the condition for accounts that the viewer follows, and for the viewer's own."""
    return user_id.in_(select(_FOLLOWED.c.user_id))


def is_muted(user_id: AnyColumn) -> ColumnElement[bool]:
    """Return the condition for accounts that the viewer has muted."""
    return user_id.in_(select(_MUTED.c.user_id))


def visible_profile(user: type[User] = User) -> ColumnElement[bool]:
    """Return the condition for accounts that exist for the viewer."""
    return and_(user.suspended_at.is_(None), user.id.not_in(select(_BLOCKED.c.user_id)))


def open_profile(user: type[User] = User) -> ColumnElement[bool]:
    """Return the condition for accounts whose posts the viewer may see."""
    return and_(visible_profile(user), or_(user.private.is_(False), is_followed(user.id)))


def visible_post(post: type[Post] = Post, author: type[User] = User) -> ColumnElement[bool]:
    """Return the condition for posts that exist for the viewer; `author` is joined to `post`."""
    return and_(
        open_profile(author),
        # Only its author still sees what a moderator has hidden.
        or_(post.hidden_at.is_(None), post.author_id == VIEWER),
    )
