"""The picture that stands for an article without a photograph elsewhere."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.factories import make_article, make_media
from webapp.syndicating.share_drawing import INK, draw
from webapp.syndicating.share_picture import GROUNDS, HEIGHT, WIDTH


def inked(picture: Image.Image) -> int:
    """How many pixels have the colour of the letters."""
    return sum(
        count for count, colour in picture.getcolors(picture.width * picture.height) or () if colour == INK
    )


def address(page: str) -> str:
    found = re.search(r'property="og:image" content="http://localhost(/[^"]+)"', page)
    assert found
    return found[1]


def test_a_page_names_it_with_its_size_and_it_is_drawn_once(client: FlaskClient) -> None:
    make_article("Storing summer in sand", permalink="/sand/")
    page = client.get("/sand/").text
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta property="og:image:height" content="630">' in page
    answer = client.get(address(page), buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.data)).size == (WIDTH, HEIGHT)
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(address(page), buffered=True).data == answer.data


def test_another_headline_has_another_address(client: FlaskClient) -> None:
    make_article("Storing summer in sand", permalink="/one/")
    make_article("Storing winter in sand", permalink="/two/")
    one, two = (address(client.get(path).text) for path in ("/one/", "/two/"))
    assert one.rpartition("-")[2] != two.rpartition("-")[2]
    assert client.get(one.replace(one[-20:-4], "0" * 16), buffered=True).status_code == 404


def test_a_photograph_goes_before(app: Flask, client: FlaskClient) -> None:
    make_article(permalink="/pier/", lead_media_id=make_media(file="pier.jpg").id)
    assert address(client.get("/pier/").text) == "/media/pier.jpg"


def test_a_protected_article_has_none(client: FlaskClient) -> None:
    article = make_article("Secret plans", permalink="/locked/", password="eleven")
    assert "og:image" not in client.get("/locked/").text
    assert client.get(f"/share-pictures/{article.id}-{'0' * 16}.png").status_code == 404


@pytest.mark.parametrize(
    "headline",
    [
        "A",
        "The town that learned to tell the time by the tide " * 6,
        "Donaudampfschifffahrtsgesellschaft" * 8,
    ],
)
def test_headlines_of_every_length_stay_inside(headline: str) -> None:
    picture = draw(headline, "Sea", "Standfirst", GROUNDS[0])
    for box in (
        (0, 0, WIDTH, 70),
        (0, 0, 70, HEIGHT),
        (WIDTH - 70, 0, WIDTH, HEIGHT),
        (0, HEIGHT - 60, WIDTH, HEIGHT),
    ):
        assert inked(picture.crop(box)) == 0
    assert inked(picture) > 1000


def test_letters_that_the_typeface_lacks_are_left_out() -> None:
    with_name = draw("", "Sea", "Standfirst", GROUNDS[0])
    assert inked(draw("المدينة التي تعلمت", "Sea", "Standfirst", GROUNDS[0])) == inked(with_name)
