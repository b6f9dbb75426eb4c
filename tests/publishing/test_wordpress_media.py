"""Attachments of an import: files, featured images, pages, and texts that show what isn't there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from tests.publishing import exports
from tests.publishing.helpers import addresses, article, bring, numbers
from webapp.database import db
from webapp.models import Media

SITE = exports.SITE
METADATA = 'a:5:{s:5:"width";i:1200;s:6:"height";i:800;s:4:"file";s:16:"2015/03/pier.jpg";}'


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    (folder / "2015/03").mkdir(parents=True)
    Image.new("RGB", (40, 30), "navy").save(folder / "2015/03/pier.jpg")
    return folder


def media(number: int) -> Media:
    return db.session.scalars(select(Media).where(Media.imported_id == number)).one()


def test_a_file_comes_with_its_words_and_answers_at_its_old_address(app, client, tmp_path, uploads):
    report = bring(
        tmp_path,
        exports.attachment(
            5,
            "2015/03/pier.jpg",
            post_parent=1,
            title="The pier",
            excerpt="The <em>old</em> pier.",
            link=f"{SITE}/2015/03/post-1/file-5/",
            meta={"_wp_attachment_image_alt": "A pier", "_media_credit": "Ann"},
        ),
        exports.item(1, meta={"_thumbnail_id": 5}),
        media=uploads,
    )

    taken = media(5)
    assert (taken.file, taken.mime, taken.width, taken.height) == ("2015/03/pier.jpg", "image/jpeg", 40, 30)
    assert (taken.title, taken.alt, taken.caption, taken.credit) == (
        "The pier",
        "A pier",
        "The old pier.",
        "Ann",
    )
    assert taken.article_id == article(1).id
    assert article(1).lead_media_id == taken.id
    assert report.missing_media == []
    with client.get("/wp-content/uploads/2015/03/pier.jpg") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert client.get("/2015/03/post-1/file-5/").status_code == 200
    assert client.get("/?attachment_id=5").location == "/2015/03/post-1/file-5/"


def test_what_is_missing_is_listed_and_the_page_still_works(app, client, tmp_path, uploads):
    report = bring(
        tmp_path,
        exports.attachment(5, "2015/03/gone.jpg", meta={"_wp_attachment_metadata": METADATA}),
        exports.item(
            1,
            content=f'<img class="wp-image-5" src="{SITE}/wp-content/uploads/2015/03/gone-300x200.jpg">'
            f'<img src="{SITE}/wp-content/uploads/2014/never.jpg">',
            meta={"_thumbnail_id": 5},
        ),
        media=uploads,
    )

    assert report.missing_media == [
        f"{SITE}/wp-content/uploads/2015/03/gone.jpg",
        f"{SITE}/wp-content/uploads/2014/never.jpg",
    ]
    assert (media(5).is_missing, media(5).width, media(5).height) == (True, 1200, 800)
    assert client.get("/2015/03/post-1/").status_code == 200
    statuses = {each.url.removeprefix(SITE): each.status for each in addresses(report)}
    assert statuses["/wp-content/uploads/2015/03/gone.jpg"] == 404


def test_files_that_come_later_are_added(app, client, tmp_path, uploads):
    parts = (exports.attachment(5, "2015/03/pier.jpg"), exports.item(1, meta={"_thumbnail_id": 5}))
    bring(tmp_path, *parts)
    assert media(5).is_missing

    report = bring(tmp_path, *parts, media=uploads)

    assert (media(5).is_missing, media(5).width) == (False, 40)
    assert numbers(report, "attachment") == (1, 0, 1, 0)
    assert report.missing_media == []
    with client.get("/wp-content/uploads/2015/03/pier.jpg") as answer:
        assert answer.status_code == 200


def test_texts_show_the_files_of_this_site(app, tmp_path, uploads):
    Image.new("RGB", (9, 9)).save(uploads / "2015/03/loose.png")
    bring(
        tmp_path,
        exports.attachment(5, "2015/03/pier.jpg"),
        exports.item(
            1,
            content=f'<p><img src="{SITE}/wp-content/uploads/2015/03/pier-20x15.jpg" alt="a">'
            '<img src="https://i0.wp.com/old.example/wp-content/uploads/2015/03/pier.jpg?w=9" alt="b">'
            f'<img src="{SITE}/wp-content/uploads/2015/03/loose.png" alt="c">'
            '<img src="https://elsewhere.example/wp-content/uploads/2011/x.png" alt="d"></p>',
        ),
        media=uploads,
    )

    html = article(1).body_html
    assert 'src="/media/2015/03/pier-20x15.jpg"' in html
    assert 'src="/media/2015/03/pier.jpg"' in html
    assert 'src="/media/2015/03/loose.png"' in html
    assert (Path(app.instance_path) / "media/2015/03/loose.png").is_file()
    assert "old.example" not in html


def test_featured_images_and_parents_may_come_in_another_file(app, tmp_path, uploads):
    """WordPress exports by type, too: articles in one file, media in the next."""
    bring(tmp_path, exports.item(1, meta={"_thumbnail_id": 5}))
    assert article(1).lead_media_id is None

    bring(tmp_path, exports.attachment(5, "2015/03/pier.jpg", post_parent=1), media=uploads)

    assert article(1).lead_media_id == media(5).id
    assert media(5).article_id == article(1).id


def test_no_name_in_an_export_leads_outside_the_folder(app, tmp_path, uploads):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    report = bring(
        tmp_path,
        exports.attachment(5, "../secret.txt", attachment_url=f"{SITE}/wp-content/uploads/../secret.txt"),
        exports.attachment(6, str(secret), attachment_url=""),
        exports.attachment(7, "2015/03/link.txt"),
        exports.item(1, content=f'<a href="{SITE}/wp-content/uploads/..%2f..%2fsecret.txt">x</a>'),
        media=uploads,
    )

    assert all(each.is_missing for each in db.session.scalars(select(Media)))
    assert not list((Path(app.instance_path) / "media").rglob("secret*"))
    assert len(report.missing_media) == 2


def test_two_attachments_of_one_file_share_it(app, tmp_path, uploads):
    report = bring(
        tmp_path,
        exports.attachment(5, "2015/03/pier.jpg"),
        exports.attachment(6, "2015/03/pier.jpg"),
        exports.item(1, meta={"_thumbnail_id": 6}),
        media=uploads,
    )

    assert numbers(report, "attachment") == (2, 2, 0, 0)
    assert article(1).lead_media_id == media(5).id


def test_a_name_that_another_picture_has_here(app, tmp_path, uploads):
    folder = Path(app.instance_path) / "media/2015/03"
    folder.mkdir(parents=True)
    Image.new("RGB", (7, 7)).save(folder / "pier.jpg")
    from webapp import clock

    ours = Media(file="2015/03/pier.jpg", mime="image/jpeg", created_at=clock.now())
    db.session.add(ours)
    db.session.commit()

    bring(
        tmp_path,
        exports.attachment(5, "2015/03/pier.jpg"),
        exports.item(1, content=f'<img src="{SITE}/wp-content/uploads/2015/03/pier.jpg" alt="a">'),
        media=uploads,
    )

    assert media(5).file == "old.example/2015/03/pier.jpg"
    assert 'src="/media/old.example/2015/03/pier.jpg"' in article(1).body_html
    with Image.open(folder / "pier.jpg") as kept:
        assert kept.size == (7, 7)


def test_attachments_without_a_file_are_skipped(app, tmp_path):
    report = bring(tmp_path, exports.item(5, kind="attachment", status="inherit"))

    assert dict(report.tally("attachment").skipped) == {"it names no file": 1}


def test_a_gallery_without_numbers_shows_what_was_uploaded(app, tmp_path, uploads):
    bring(
        tmp_path,
        exports.item(1, content="[gallery]"),
        exports.attachment(5, "2015/03/pier.jpg", post_parent=1, menu_order=2, excerpt="Second"),
        exports.attachment(6, "2015/03/boat.jpg", post_parent=1, menu_order=1, excerpt="First"),
        media=uploads,
    )

    html = article(1).body_html
    assert html.index("/media/2015/03/boat.jpg") < html.index("/media/2015/03/pier.jpg")


def test_unknown_shortcodes_stay_as_text_and_are_reported(app, tmp_path):
    report = bring(
        tmp_path,
        exports.item(1, content="[weather town='X'] and [weather]"),
        exports.item(2, content="[weather]"),
    )

    assert "[weather]" in article(2).body_html
    assert dict(report.unknown_shortcodes) == {"weather": 2}


def test_patterns_and_addresses_of_other_articles(app, tmp_path):
    bring(
        tmp_path,
        exports.item(1, content='<!-- wp:block {"ref":9} /-->'),
        exports.item(
            9, kind="wp_block", content="<!-- wp:paragraph --><p>From the pattern.</p><!-- /wp:paragraph -->"
        ),
        exports.item(2, content='<p><a href="http://www.old.example/2015/03/post-1/#b">read</a></p>'),
        exports.item(3, content=f"{SITE}/2015/03/post-4/"),
        exports.item(4, title="Four & more"),
    )

    assert "From the pattern." in article(1).body_html
    assert 'href="/2015/03/post-1/#' in article(2).body_html
    assert "Four &amp; more" in article(3).body_html
