"""The logo: chosen, shown in place of the name, gone, and kept from being deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from tests.factories import make_article, make_media
from tests.staff import Staff
from webapp.database import db, transaction
from webapp.models import Media
from webapp.publishing.site_pages import NAMES
from webapp.settings import setting

pytestmark = pytest.mark.both_databases


@pytest.fixture
def vera(signed_in: Callable[..., Staff]) -> Staff:
    one = signed_in("vera@desk.example", role="editor", name="Vera")
    one.get("/desk/site")
    return one


def test_a_picture_of_the_library_stands_in_place_of_the_name(vera: Staff) -> None:
    article = make_article()
    media = make_media(width=1000, height=200, rendition="abcdef0123456789")
    assert "Make it the logo" in vera.get(f"/desk/media/{media.id}").text
    assert vera.post("/desk/site/logo", {"media": media.id}).status_code == 303
    for path in ("/", article.permalink):
        page = vera.client.get(path).text
        assert 'alt="Standfirst"' in page and 'width="1000" height="200"' in page
        assert "/pictures/abcdef0123456789/800.webp 800w" in page and "1200.webp" not in page
    assert '"logo":{' in vera.client.get(article.permalink).text.replace(" ", "")
    assert "Let the name stand there again" in vera.get(f"/desk/media/{media.id}").text
    assert vera.post(f"/desk/media/{media.id}/deletion").status_code == 409
    assert vera.post("/desk/site/logo", {"media": "0"}).status_code == 303
    assert 'class="logo"' not in vera.client.get("/").text


@pytest.mark.parametrize("media", ["", "x", "-1", "77", "99999999999", "1; drop"])
def test_what_is_no_picture_is_refused(vera: Staff, media: str) -> None:
    assert vera.post("/desk/site/logo", {"media": media}).status_code == 422
    assert setting("LOGO") == 0


def test_a_file_that_is_no_picture_or_has_no_size_is_refused(vera: Staff) -> None:
    for media in (make_media(mime="audio/mpeg"), make_media(mime="image/svg+xml"), make_media(width=0)):
        assert vera.post("/desk/site/logo", {"media": media.id}).status_code == 422


def test_a_logo_without_sizes_is_sent_as_it_is_and_one_that_is_gone_leaves_the_name(vera: Staff) -> None:
    media = make_media(width=300, height=60)
    vera.post("/desk/site/logo", {"media": media.id})
    assert f'src="{media.url}"' in vera.client.get("/").text
    with transaction():
        db.session.execute(delete(Media))
    page = vera.client.get("/").text
    assert 'class="logo"' not in page and "Standfirst</h1>" in page


def test_the_number_may_be_typed_among_the_settings(vera: Staff) -> None:
    assert 'name="LOGO"' in vera.get("/desk/site").text
    fields = {name: str(setting(name)) for name in NAMES}
    answer = vera.post("/desk/site", fields | {"LOGO": "77"})
    assert answer.status_code == 422 and "no picture of this number" in answer.text
    media = make_media()
    assert vera.post("/desk/site", fields | {"LOGO": str(media.id)}).status_code == 303
    assert setting("LOGO") == media.id
