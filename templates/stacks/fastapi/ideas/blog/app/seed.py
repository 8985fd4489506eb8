"""Fills the database with users and articles worth looking at: `python -m app.seed`."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.articles.models import Article, ArticleTag
from app.comments.models import Comment
from app.database import Database
from app.favorites.models import Favorite
from app.inserts import insert_new
from app.passwords import hash_password
from app.profiles.models import Follow
from app.settings import load_settings
from app.users.models import User, username_key

SEED = Path(__file__).parent.parent / "seeds" / "blog.json"


class Seeded(BaseModel):
    """An object of the file."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class SeededUser(Seeded):
    """A user."""

    username: str
    email: str
    bio: str | None
    image: str | None


class SeededFollow(Seeded):
    """Who follows whom."""

    follower: str
    followed: str


class SeededComment(Seeded):
    """What somebody says about an article."""

    author: str
    body: str
    created_at: datetime


class SeededArticle(Seeded):
    """An article; the body is a list of lines."""

    slug: str
    author: str
    title: str
    description: str
    body: list[str]
    tag_list: list[str]
    created_at: datetime
    favorited_by: list[str]
    comments: list[SeededComment]


class Seed(Seeded):
    """What the file holds: users with one password, and all that they have done."""

    password: str
    users: list[SeededUser]
    follows: list[SeededFollow]
    articles: list[SeededArticle]


def read_seed(file: Path = SEED) -> Seed:
    """Read users and articles from a JSON file."""
    return Seed.model_validate_json(file.read_text("utf-8"))


async def seed(database: Database, content: Seed) -> int:
    """Store the users and articles that are not there yet, and return the number of articles.

    Users are known by their names and articles by their slugs, so that running it again adds
    nothing; what people have changed stays as it is.
    """
    async with database.session() as session:
        users = await _add_users(session, content)
        added = [await _add_article(session, article, users) for article in content.articles]
        await session.commit()
    return added.count(True)


async def _add_users(session: AsyncSession, content: Seed) -> dict[str, int]:
    """Add the users; return the ids of all of them that are there, by name."""
    password_hash = await hash_password(content.password)
    began = min(article.created_at for article in content.articles)
    keys = {username_key(user.username): user for user in content.users}
    new = set()
    for key, user in keys.items():
        values = {
            **user.model_dump(),
            "username_key": key,
            "password_hash": password_hash,
            "token_version": 1,
            "created_at": began,
            "updated_at": began,
        }
        if await session.scalar(insert_new(session, User, returning="id"), values):
            new.add(user.username)
    rows = await session.execute(
        select(User.username_key, User.id).where(User.username_key.in_(keys))
    )
    users = {keys[key].username: user_id for key, user_id in rows}
    for follow in content.follows:
        if follow.follower in new and follow.followed in users:
            ids = {
                "follower_id": users[follow.follower],
                "followed_id": users[follow.followed],
            }
            await session.execute(insert_new(session, Follow), ids)
    return users


async def _add_article(
    session: AsyncSession, article: SeededArticle, users: dict[str, int]
) -> bool:
    """Add an article with all that belongs to it; tell whether it was not there yet."""
    if article.author not in users:
        return False
    values = {
        **article.model_dump(include={"slug", "title", "description", "created_at"}),
        "author_id": users[article.author],
        "body": "\n".join(article.body) + "\n",
        "updated_at": article.created_at,
    }
    article_id = await session.scalar(insert_new(session, Article, returning="id"), values)
    if article_id is None:
        return False
    session.add_all(ArticleTag(article_id=article_id, tag=tag) for tag in article.tag_list)
    session.add_all(
        Favorite(user_id=users[name], article_id=article_id)
        for name in article.favorited_by
        if name in users
    )
    session.add_all(
        Comment(
            article_id=article_id,
            author_id=users[comment.author],
            body=comment.body,
            created_at=comment.created_at,
        )
        for comment in article.comments
        if comment.author in users
    )
    return True


async def main() -> None:
    """Fill the database that the settings name."""
    settings = load_settings()
    if settings.is_production:
        sys.exit("The users of the examples have a password that everybody can read.")
    database = Database(settings.sqlalchemy_url)
    try:
        added = await seed(database, read_seed())
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"{error.orig}\nHas `alembic upgrade head` made the tables?")
    finally:
        await database.close()
    sys.stdout.write(f"Added {added} articles.\n")


if __name__ == "__main__":
    asyncio.run(main())
