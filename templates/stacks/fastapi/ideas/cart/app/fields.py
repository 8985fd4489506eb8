"""Kinds of fields that several resources have."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict

from app.money import MAX_AMOUNT
from app.schemas import TEXT_PATTERN, Text, json_integer

# What app.schemas.Text accepts, as a pattern for the document.
ANY_TEXT: JsonDict = {"pattern": TEXT_PATTERN}
EMAIL = (
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
    r"@[A-Za-z0-9]+(-[A-Za-z0-9]+)*(\.[A-Za-z0-9]+(-[A-Za-z0-9]+)*)+$"
)
MAX_PRICE = 10_000_000
MAX_QUANTITY = 99

LINE = Field(min_length=1, max_length=100, json_schema_extra=ANY_TEXT)
PRODUCT_NAME = Field(min_length=1, max_length=200, json_schema_extra=ANY_TEXT)

# What we answer is right by construction: these types only describe it for the document.
Slug = Annotated[str, Field(min_length=1, max_length=100, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
Email = Annotated[str, Field(max_length=254, pattern=EMAIL)]
Line = Annotated[str, LINE]
ProductName = Annotated[str, PRODUCT_NAME]
Amount = Annotated[int, Field(ge=0, le=MAX_AMOUNT)]
Price = Annotated[int, Field(ge=0, le=MAX_PRICE)]
TaxRate = Annotated[int, Field(ge=0, le=10_000)]
Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]

# What clients send is looked at more closely.
# Whoever registers as Ada@example.com is found as ada@example.com.
GivenEmail = Annotated[Email, AfterValidator(str.lower)]
GivenLine = Annotated[Text, LINE]
GivenProductName = Annotated[Text, PRODUCT_NAME]
GivenPrice = Annotated[Price, json_integer]
GivenTaxRate = Annotated[TaxRate, json_integer]
GivenQuantity = Annotated[Quantity, json_integer]
