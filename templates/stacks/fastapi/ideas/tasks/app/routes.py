"""The application's name, and the routers of its resources."""

from app import rate_limits, redis
from app.api import Api
from app.audit.router import router as audit
from app.auth.router import router as auth
from app.comments.router import router as comments
from app.invitations.router import router as invitations
from app.members.router import router as members
from app.notifications.router import router as notifications
from app.organisations.router import router as organisations
from app.projects.router import router as projects
from app.tasks.router import router as tasks
from app.users.router import router as users

API = Api(
    title="Task Management API",
    routers={
        "/api/v1": [
            tasks,
            projects,
            comments,
            notifications,
            organisations,
            members,
            invitations,
            audit,
            users,
            auth,
        ]
    },
    lifespans=[redis.lifespan, rate_limits.lifespan],
    allowed_headers=["Authorization", "If-Match"],
    exposed_headers=["ETag"],
)
