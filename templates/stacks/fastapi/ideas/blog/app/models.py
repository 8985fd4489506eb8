"""Every model, imported so that Alembic sees its table."""

from app.articles.models import Article, ArticleTag
from app.comments.models import Comment
from app.database import Base
from app.favorites.models import Favorite
from app.profiles.models import Follow
from app.users.models import User

__all__ = ["Article", "ArticleTag", "Base", "Comment", "Favorite", "Follow", "User"]
