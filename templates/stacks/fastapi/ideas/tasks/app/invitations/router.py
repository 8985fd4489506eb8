"""The HTTP side of invitations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.access import Access, on_organisation
from app.auth.dependencies import AppSettings, CurrentUser
from app.database import Session
from app.invitations import service
from app.invitations.schemas import InvitationBody, NewInvitation
from app.openapi import problems
from app.organisations.models import Invitation
from app.organisations.schemas import OrganisationBody
from app.pages import Page, PageParameters
from app.rate_limits import Limits

router = APIRouter(tags=["Organisations"], responses=problems(401, 500, 503))
OF_ORGANISATION = "/organisations/{organisationId:uuid}/invitations"
InvitationId = Annotated[UUID, Path(alias="invitationId", description="The invitation's id.")]


@router.get(OF_ORGANISATION, responses=problems(403, 404, 422))
async def list_invitations(
    session: Session,
    access: Annotated[Access, on_organisation("invitation.list")],
    parameters: Annotated[PageParameters, Query()],
) -> Page[InvitationBody]:
    """List open invitations."""
    which = Invitation.organisation_id == access.organisation_id
    items, total = await service.list_invitations(session, which, parameters)
    return Page[InvitationBody].of(items, parameters, total)


@router.post(
    OF_ORGANISATION,
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 403, 404, 409, 413, 415, 422, 429),
)
async def invite_member(
    session: Session,
    settings: AppSettings,
    limits: Limits,
    access: Annotated[Access, on_organisation("invitation.create")],
    new: NewInvitation,
) -> InvitationBody:
    """Invite somebody."""
    await limits.hit(settings.invitation_limit, "invitation", str(access.user_id))
    return await service.invite(session, access, new)


@router.delete(
    f"{OF_ORGANISATION}/{{invitationId:uuid}}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(403, 404),
)
async def withdraw_invitation(
    session: Session,
    access: Annotated[Access, on_organisation("invitation.withdraw")],
    invitation_id: InvitationId,
) -> None:
    """Withdraw an invitation."""
    await service.withdraw(session, access, invitation_id)


@router.get("/invitations", responses=problems(422))
async def list_own_invitations(
    session: Session, me: CurrentUser, parameters: Annotated[PageParameters, Query()]
) -> Page[InvitationBody]:
    """List own invitations."""
    which = Invitation.email == me.user.email
    items, total = await service.list_invitations(session, which, parameters)
    return Page[InvitationBody].of(items, parameters, total)


@router.delete(
    "/invitations/{invitationId:uuid}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def decline_invitation(
    session: Session, me: CurrentUser, invitation_id: InvitationId
) -> None:
    """Decline an invitation."""
    await service.decline(session, me.user, invitation_id)


@router.post("/invitations/{invitationId:uuid}/accept", responses=problems(404))
async def accept_invitation(
    session: Session, me: CurrentUser, invitation_id: InvitationId
) -> OrganisationBody:
    """Accept an invitation."""
    return await service.accept(session, me.user, invitation_id)
