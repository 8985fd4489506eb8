"""What is stored beside the fields of a contact, and made from them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.contacts.folding import digits, fold
from app.contacts.models import SORT_KEY_LENGTH, Entries

# Comes before every sign of a folded text, so "Ann" is sorted before "Anna"; no folded text has it.
SEPARATOR = "\n"


def derived_columns(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns for the search, the filter and the sort orders.

    Args:
        fields: The contact's fields, by the names of their columns.
    """
    first, last, company = (
        fold(fields[name] or "") for name in ("first_name", "last_name", "company")
    )
    phones = [phone["value"] for phone in fields["phones"]]
    found = [f"{first} {last}".strip(), company]
    found += [email["value"].lower() for email in fields["emails"]]
    found += [fold(phone) for phone in phones] + [digits(fold(phone)) for phone in phones]
    return {
        "search_text": SEPARATOR.join(found),
        "group_keys": "".join(f"{SEPARATOR}{fold(name)}{SEPARATOR}" for name in fields["groups"]),
        "by_last_name": _sort_key(last, first, company),
        "by_first_name": _sort_key(first, last, company),
        "by_company": _sort_key(company, last, first),
    }


def _sort_key(*texts: str) -> str:
    """Return the texts as one; what is missing gives its place to the next."""
    return SEPARATOR.join(filter(None, texts))[:SORT_KEY_LENGTH]


def email_rows(user_id: UUID, contact_id: UUID, emails: Entries) -> list[dict[str, Any]]:
    """Return the rows of a contact's e-mails, always in the same order.

    In another order two requests could each wait for an e-mail which the other one has.
    """
    return [
        {"user_id": user_id, "email": email, "contact_id": contact_id}
        for email in sorted(entry["value"].lower() for entry in emails)
    ]
