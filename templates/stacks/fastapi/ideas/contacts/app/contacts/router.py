"""The HTTP side of contacts."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response, status

from app.auth.dependencies import CurrentUser
from app.contacts import csv_files, files, service, vcards
from app.contacts.imports import import_rows, read_rows
from app.contacts.models import Contact
from app.contacts.schemas import (
    ConflictProblem,
    ContactBody,
    ContactChanges,
    ContactQuery,
    ImportReport,
    InvalidImportProblem,
    NewContact,
)
from app.database import Session
from app.errors import ServiceError
from app.etags import IfMatch, IfNoneMatch, is_current, not_modified
from app.location import Locate
from app.openapi import header, problem, problems
from app.pages import Page

FORMATS: dict[str, files.Format] = {"text/csv": csv_files, "text/vcard": vcards}
FILE: dict[str, Any] = {"type": "string"}
UPLOAD = FILE | {"maxLength": files.MAX_FILE_BYTES}
ETAG = {"ETag": header("string")}
CONFLICT: dict[int | str, dict[str, Any]] = {409: problem(409, ConflictProblem)}

router = APIRouter(prefix="/contacts", tags=["Contacts"], responses=problems(401, 429, 500, 503))
# A path that is no UUID has no contact, and leaves room for /import and /export.
ONE = "/{id:uuid}"
ContactId = Annotated[UUID, Path(alias="id", description="The contact's id.")]


@dataclass
class Target:
    """Which contact to change, and in which state the client has seen it."""

    contact_id: ContactId
    if_match: IfMatch = None


@router.get("", responses=problems(422))
async def list_contacts(
    session: Session, user: CurrentUser, query: Annotated[ContactQuery, Query()]
) -> Page[ContactBody]:
    """List contacts, by last name unless `sort` says otherwise."""
    contacts, total = await service.list_contacts(session, user.id, query)
    return Page[ContactBody].of([ContactBody.of(each) for each in contacts], query, total)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={
        201: {"headers": {"Location": header("string"), **ETAG}},
        **CONFLICT,
        **problems(400, 413, 415, 422),
    },
)
async def create_contact(
    response: Response, session: Session, locate: Locate, user: CurrentUser, new: NewContact
) -> ContactBody:
    """Create a contact."""
    contact = await service.create_contact(session, user.id, new)
    locate("get_contact", id=str(contact.id))
    return _answer(response, contact)


@router.get(
    "/export",
    response_class=Response,
    responses={
        200: {
            "content": {name: {"schema": FILE} for name in FORMATS},
            "headers": {"Content-Disposition": header("string"), "Vary": header("string")},
        },
        **problems(406),
    },
)
async def export_contacts(request: Request, session: Session, user: CurrentUser) -> Response:
    """Export all contacts, as CSV or as vCard."""
    media_type = files.choose(request.headers.get("Accept", ""), list(FORMATS))
    if media_type is None:
        detail = f"Accept one of these media types: {', '.join(FORMATS)}."
        raise ServiceError(detail, status=status.HTTP_406_NOT_ACCEPTABLE)
    kind = FORMATS[media_type]
    contacts = await service.get_contacts(session, user.id)
    # Thousands of contacts take a while, in which others want to be served.
    content = await to_thread.run_sync(kind.write, contacts)
    headers = {
        "Content-Disposition": f'attachment; filename="{kind.FILE_NAME}"',
        "Vary": "Accept",
    }
    return Response(content, media_type=media_type, headers=headers)


@router.post(
    "/import",
    responses={422: problem(422, InvalidImportProblem), **problems(400, 409, 413, 415)},
    openapi_extra={
        "requestBody": {"required": True, "content": {name: {"schema": UPLOAD} for name in FORMATS}}
    },
)
async def import_contacts(
    request: Request,
    session: Session,
    user: CurrentUser,
    mode: Annotated[
        Literal["all", "partial"],
        Query(description="Store all rows or none, or those that can be."),
    ] = "all",
) -> ImportReport:
    """Import contacts from CSV or vCard."""
    kind = _format_of(request.headers.get("Content-Type", ""))
    # The file may arrive slowly: others can use the connection meanwhile.
    await session.commit()
    rows = await to_thread.run_sync(read_rows, await request.body(), kind.read)
    return await import_rows(session, user.id, rows, partial=mode == "partial")


def _format_of(content_type: str) -> files.Format:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((each[8:] for each in parameters if each.startswith("charset=")), "utf-8")
    if media_type not in FORMATS or charset.strip('"') != "utf-8":
        detail = f"Send the body as {' or '.join(FORMATS)} in UTF-8."
        raise ServiceError(detail, status=status.HTTP_415_UNSUPPORTED_MEDIA_TYPE)
    return FORMATS[media_type]


@router.get(
    ONE,
    response_model=ContactBody,
    responses={
        200: {"headers": ETAG},
        304: {"headers": ETAG, "description": "The client has it already."},
        **problems(404, 422),
    },
)
async def get_contact(
    response: Response,
    session: Session,
    user: CurrentUser,
    contact_id: ContactId,
    if_none_match: IfNoneMatch = None,
) -> Any:
    """Read a contact."""
    contact = await service.get_contact(session, user.id, contact_id)
    etag = service.contact_etag(contact)
    if is_current(if_none_match, etag):
        return not_modified(etag)
    return _answer(response, contact)


@router.put(
    ONE,
    responses={200: {"headers": ETAG}, **CONFLICT, **problems(400, 404, 412, 413, 415, 422)},
)
async def put_contact(
    response: Response,
    session: Session,
    user: CurrentUser,
    target: Annotated[Target, Depends()],
    new: NewContact,
) -> ContactBody:
    """Replace a contact."""
    contact = await service.change_contact(
        session, user.id, target.contact_id, new, target.if_match
    )
    return _answer(response, contact)


@router.patch(
    ONE,
    responses={200: {"headers": ETAG}, **CONFLICT, **problems(400, 404, 412, 413, 415, 422)},
)
async def patch_contact(
    response: Response,
    session: Session,
    user: CurrentUser,
    target: Annotated[Target, Depends()],
    changes: ContactChanges,
) -> ContactBody:
    """Change fields of a contact."""
    contact = await service.change_contact(
        session, user.id, target.contact_id, changes, target.if_match
    )
    return _answer(response, contact)


@router.delete(ONE, status_code=status.HTTP_204_NO_CONTENT, responses=problems(404))
async def delete_contact(session: Session, user: CurrentUser, contact_id: ContactId) -> None:
    """Delete a contact."""
    await service.delete_contact(session, user.id, contact_id)


def _answer(response: Response, contact: Contact) -> ContactBody:
    response.headers["ETag"] = service.contact_etag(contact)
    return ContactBody.of(contact)
