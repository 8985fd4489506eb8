"""What can be done with contacts. Knows the database and nothing of HTTP."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, Select, delete, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from app.auth.service import UnauthorizedError
from app.clock import now
from app.contacts.columns import derived_columns, email_rows
from app.contacts.folding import digits, fold, is_part_of_a_phone
from app.contacts.models import CONTACTS, EMAILS, Contact, ContactEmail
from app.contacts.schemas import NAMELESS, ContactBody, ContactChanges, ContactQuery, NewContact
from app.errors import NotFoundError, ServiceError
from app.etags import etag_of, require_match
from app.pages import fetch_rows
from app.users.models import User

# Rows and not objects, which a list does not need.
LIST = select(*(CONTACTS.c[name] for name in ContactBody.model_fields))
ORDERS = {
    "lastName": Contact.by_last_name,
    "firstName": Contact.by_first_name,
    "company": Contact.by_company,
    "createdAt": Contact.created_at,
}


class ContactNotFoundError(NotFoundError):
    """The user has no such contact."""

    detail = "There is no contact with this id."


class ConflictError(ServiceError):
    """The request contradicts what is stored."""

    status = 409
    detail = "This was changed at the same moment. Try again."


class EmailInUseError(ConflictError):
    """Another contact of the user has the e-mail."""

    def __init__(self, email: str, owner: Contact) -> None:
        super().__init__(f"{email} belongs to {owner.name}.")
        self.members = {"contact": {"id": str(owner.id), "name": owner.name}}


def contact_etag(contact: Contact) -> str:
    """Return the entity tag of a contact as it is now."""
    return etag_of(contact.id, contact.version)


async def list_contacts(
    session: AsyncSession, user_id: UUID, query: ContactQuery
) -> tuple[Sequence[Row[Any]], int]:
    """Return one page of a user's contacts that match the query, and how many match in all."""
    return await fetch_rows(session, _matching(user_id, query).order_by(*_order(query.sort)), query)


def _matching(user_id: UUID, query: ContactQuery) -> Select[Any]:
    statement = LIST.where(Contact.user_id == user_id)
    if query.favorite is not None:
        statement = statement.where(Contact.favorite.is_(query.favorite))
    if query.group and (key := fold(query.group)):
        statement = statement.where(Contact.group_keys.contains(f"\n{key}\n", autoescape=True))
    if query.q and (text := fold(query.q)):
        statement = statement.where(_finds(text))
    return statement


def _finds(text: str) -> ColumnElement[bool]:
    found = Contact.search_text.contains(text, autoescape=True)
    if is_part_of_a_phone(text):
        return or_(found, Contact.search_text.contains(digits(text)))
    return found


def _order(sort: str) -> Iterable[ColumnElement[Any]]:
    columns = (ORDERS[sort.removeprefix("-")], Contact.id)
    return (column.desc() if sort.startswith("-") else column.asc() for column in columns)


async def get_contacts(session: AsyncSession, user_id: UUID) -> Sequence[Contact]:
    """Return all contacts of a user, the oldest first."""
    statement = (
        select(Contact).where(Contact.user_id == user_id).order_by(Contact.created_at, Contact.id)
    )
    return (await session.scalars(statement)).all()


async def get_contact(session: AsyncSession, user_id: UUID, contact_id: UUID) -> Contact:
    """Return a user's contact.

    Raises:
        ContactNotFoundError: The user has none with this id.
    """
    statement = select(Contact).where(Contact.id == contact_id, Contact.user_id == user_id)
    contact = await session.scalar(statement)
    if contact is None:
        raise ContactNotFoundError
    return contact


async def create_contact(session: AsyncSession, user_id: UUID, new: NewContact) -> Contact:
    """Store a new contact.

    Raises:
        EmailInUseError: Another contact of the user has one of its e-mails.
    """
    fields, created_at = new.model_dump(), now()
    columns = {
        "id": uuid4(),
        "user_id": user_id,
        "version": 1,
        "created_at": created_at,
        "updated_at": created_at,
        **fields,
        **derived_columns(fields),
    }
    contact = Contact(**columns)
    async with _committed(session, contact):
        # One row needs none of what session.add() prepares, and that takes longer than the INSERT.
        await session.execute(insert(CONTACTS), columns)
        await _claim_emails(session, contact)
    return contact


async def change_contact(
    session: AsyncSession,
    user_id: UUID,
    contact_id: UUID,
    changes: NewContact | ContactChanges,
    if_match: str | None,
) -> Contact:
    """Change the given fields of a contact and no others; a NewContact gives every field.

    Raises:
        ContactNotFoundError: The user has none with this id.
        PreconditionFailedError: It is not in a state that `if_match` names.
        ConflictError: It would be left without any name.
        EmailInUseError: Another contact of the user has one of its e-mails.
    """
    fields = changes.model_dump()
    while True:
        if "emails" in fields:
            await lock_emails(session, user_id)
        contact = await get_contact(session, user_id, contact_id)
        require_match(if_match, contact_etag(contact))
        if not fields:
            return contact
        _apply(contact, fields)
        try:
            async with _committed(session, contact):
                await session.flush()
                if "emails" in fields:
                    await _release_emails(session, contact)
                    await _claim_emails(session, contact)
        except StaleDataError:
            # Somebody else was faster: look at what they have made of it.
            await session.rollback()
        else:
            return contact


def _apply(contact: Contact, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(contact, name, value)
    if not contact.name:
        raise ConflictError(NAMELESS)
    for name, value in derived_columns(vars(contact)).items():
        setattr(contact, name, value)
    contact.updated_at = now()


async def delete_contact(session: AsyncSession, user_id: UUID, contact_id: UUID) -> None:
    """Delete a contact.

    Raises:
        ContactNotFoundError: The user has none with this id.
    """
    statement = (
        delete(Contact)
        .where(Contact.id == contact_id, Contact.user_id == user_id)
        .returning(Contact.id)
    )
    if await session.scalar(statement) is None:
        raise ContactNotFoundError
    await session.commit()


async def lock_emails(session: AsyncSession, user_id: UUID) -> None:
    """Let no other request of this user change e-mails until the end of the transaction.

    Two requests which exchange e-mails would otherwise wait for each other. SQLite does not know
    such a lock, and does not need it: it has one writer at a time.

    Raises:
        UnauthorizedError: The account has been deleted meanwhile.
    """
    statement = select(User.id).where(User.id == user_id).with_for_update()
    if await session.scalar(statement) is None:
        raise UnauthorizedError


async def _release_emails(session: AsyncSession, contact: Contact) -> None:
    await session.execute(delete(EMAILS).where(EMAILS.c.contact_id == contact.id))


async def _claim_emails(session: AsyncSession, contact: Contact) -> None:
    if rows := email_rows(contact.user_id, contact.id, contact.emails):
        await session.execute(insert(EMAILS), rows)


@asynccontextmanager
async def _committed(session: AsyncSession, contact: Contact) -> AsyncIterator[None]:
    """Commit what is written inside, or find out what the database has against it."""
    user_id, contact_id = contact.user_id, contact.id
    emails = [entry["value"].lower() for entry in contact.emails]
    try:
        yield
        await session.commit()
    except IntegrityError as error:
        await session.rollback()
        raise await _conflict(session, user_id, contact_id, emails) from error


async def _conflict(
    session: AsyncSession, user_id: UUID, contact_id: UUID, emails: list[str]
) -> ServiceError:
    """Find out which of the database's constraints was in the way."""
    statement = (
        select(ContactEmail.email, Contact)
        .join(Contact, Contact.id == ContactEmail.contact_id)
        .where(
            ContactEmail.user_id == user_id,
            ContactEmail.email.in_(emails),
            ContactEmail.contact_id != contact_id,
        )
    )
    if found := (await session.execute(statement)).first():
        return EmailInUseError(*found)
    if await session.get(User, user_id) is None:
        return UnauthorizedError()
    return ConflictError()
