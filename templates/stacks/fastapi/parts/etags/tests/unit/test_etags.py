import pytest

from app.etags import PreconditionFailedError, etag_of, is_current, not_modified, require_match

TAG = etag_of("thing", 1)
OTHER = etag_of("thing", 2)


def test_a_tag_depends_on_every_part_and_on_nothing_else() -> None:
    assert etag_of("thing", 1) == TAG
    assert len({TAG, OTHER, etag_of("thing", "1"), etag_of("thing1"), etag_of()}) == 5
    assert TAG[0] == TAG[-1] == '"'


@pytest.mark.parametrize("header", [None, "*", TAG, f"{OTHER}, {TAG}", f' W/"x" ,{TAG} '])
def test_a_client_that_knows_the_version_may_change_it(header: str | None) -> None:
    require_match(header, TAG)


@pytest.mark.parametrize("header", [OTHER, f"W/{TAG}", TAG.strip('"'), "", "\u00fc"])
def test_a_client_that_does_not_may_not(header: str) -> None:
    with pytest.raises(PreconditionFailedError):
        require_match(header, TAG)


@pytest.mark.parametrize("header", ["*", TAG, f"W/{TAG}", f"{OTHER}, W/{TAG}"])
def test_a_client_that_has_the_version_need_not_get_it(header: str) -> None:
    assert is_current(header, TAG)


@pytest.mark.parametrize("header", [None, "", OTHER, f"W/{OTHER}", TAG.strip('"')])
def test_a_client_that_has_another_or_none_gets_it(header: str | None) -> None:
    assert not is_current(header, TAG)


def test_a_304_has_the_tag_and_no_body() -> None:
    response = not_modified(TAG, {"Cache-Control": "public"})
    assert (response.status_code, response.body) == (304, b"")
    assert (response.headers["etag"], response.headers["cache-control"]) == (TAG, "public")
