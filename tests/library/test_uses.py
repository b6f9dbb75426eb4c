"""Where files stand: exactly, at once, and by the same few statements in a paper of any size."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from tests.factories import make_account, make_article, make_media
from webapp import clock
from webapp.database import db, transaction
from webapp.library import actions, queries, uses
from webapp.models import Article, Media, WorkingCopy, media_use, media_use_due

pytestmark = pytest.mark.both_databases


def used_in(media: Media) -> list[str]:
    """Where it stands: before and after everything was noted, which must be the same."""
    db.session.expire_all()
    before = [one.headline for one in queries.uses_of(media)]
    uses.note_all()
    assert db.session.scalar(select(func.count()).select_from(media_use_due)) == 0
    db.session.expire_all()
    assert [one.headline for one in queries.uses_of(db.session.get_one(Media, media.id))] == before
    return before


def copy_of(article: Article, **fields: Any) -> None:
    due = fields.pop("due", None)
    with transaction():
        db.session.add(
            WorkingCopy(
                article_id=article.id, revision=1, fields=fields, saved_at=clock.now(), due_fields=due
            )
        )


@pytest.mark.parametrize(
    "html",
    [
        '<p><img src="/media/2026/12/pier.jpg" alt=""></p>',
        '<figure><a href="/wp-content/uploads/2026/12/pier.jpg"><img src="/media/other.jpg" alt=""></a></figure>',
        '<figure class="body-gallery"><figure><img src="/media/2026/12/pier-300x200.jpg" alt=""></figure></figure>',
        '<p><a href="/media/2026/12/pier.jpg?x=1#top">The whole</a></p>',
        '<p><a href="http://localhost/media/2026/12/pier.jpg">The whole</a></p>',
        '<video poster="/media/2026/12/pier.jpg" src="/media/film.mp4" controls></video>',
    ],
)
def test_a_text_names_a_file(app: Flask, html: str) -> None:
    pier = make_media(file="2026/12/pier.jpg")
    make_article("Pier", body=html)
    assert used_in(pier) == ["Pier"]


@pytest.mark.parametrize(
    "html",
    [
        '<p><img src="/media/2026/12/pier.jpg.png" alt=""></p>',
        '<p><img src="/media/2026/12/pier-2.jpg" alt=""></p>',
        '<p><img src="/media/old/2026/12/pier.jpg" alt=""></p>',
        '<p><a href="https://elsewhere.example/media/2026/12/pier.jpg">Theirs</a></p>',
        "<p>The file /media/2026/12/pier.jpg is told of.</p>",
        '<pre><code>&lt;img src="/media/2026/12/pier.jpg"&gt;</code></pre>',
    ],
)
def test_a_text_names_another(app: Flask, html: str) -> None:
    pier = make_media(file="2026/12/pier.jpg")
    make_article("Pier", body=html)
    assert used_in(pier) == []


def test_names_with_odd_letters(app: Flask) -> None:
    quay = make_media(file="2026/12/Café & Größe (1).jpg")
    make_article(
        "Quay", body='<img src="/media/2026/12/Caf%C3%A9%20%26%20Gr%C3%B6%C3%9Fe%20%281%29.jpg" alt="">'
    )
    make_article("Raw", body='<img src="/media/2026/12/Café &amp; Größe (1).jpg" alt="">')
    assert used_in(quay) == ["Raw", "Quay"]


def test_a_size_that_is_a_file_of_its_own_is_no_use_of_the_whole(app: Flask) -> None:
    whole, small = make_media(file="pier.jpg"), make_media(file="pier-300x200.jpg")
    make_article("Pier", body='<img src="/media/pier-300x200.jpg" alt="">')
    assert used_in(whole) == [] and used_in(small) == ["Pier"]


def test_lead_and_share_pictures_drafts_and_what_waits(app: Flask) -> None:
    pier = make_media(file="pier.jpg")
    make_article("Lead", lead_media_id=pier.id)
    make_article("Share", share_media_id=pier.id)
    make_article("Draft", status="draft", published_at=None, body='<img src="/media/pier.jpg" alt="">')
    make_article("Appendix", appendix='<img src="/media/pier.jpg" alt="">')
    copy_of(make_article("Typed"), body='<img src="/media/pier.jpg" alt="">')
    copy_of(make_article("Chosen"), lead_media=pier.id)
    copy_of(make_article("Due"), body="", due={"share_media": pier.id})
    copy_of(make_article("Not at all"), body="<p>Nothing.</p>", lead_media=0)
    assert used_in(pier) == ["Due", "Chosen", "Typed", "Appendix", "Draft", "Share", "Lead"]


def test_a_change_is_known_at_once_and_a_use_that_ends_frees_the_file(app: Flask) -> None:
    account = make_account(role="admin")
    pier = make_media(file="pier.jpg")
    article = make_article("Pier", body='<img src="/media/pier.jpg" alt="">')
    assert used_in(pier) == ["Pier"]
    with pytest.raises(actions.InUse):
        actions.delete(pier.id, by=account)
    with transaction():
        db.session.get_one(Article, article.id).body_html = "<p>Gone.</p>"
    db.session.expire_all()
    assert queries.uses_of(db.session.get_one(Media, pier.id)) == []
    with transaction():
        db.session.get_one(Article, article.id).body_html = '<img src="/media/pier.jpg" alt="">'
    assert used_in(pier) == ["Pier"]
    with transaction():
        db.session.execute(delete(Article).where(Article.id == article.id))
    assert used_in(pier) == []
    assert db.session.scalar(select(func.count()).select_from(media_use)) == 0
    actions.delete(pier.id, by=account)
    assert db.session.get(Media, pier.id) is None
