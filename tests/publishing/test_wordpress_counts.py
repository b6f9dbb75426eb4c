"""Views and shares among meta values, and the shares that nobody made."""

from __future__ import annotations

import pytest

from webapp.publishing.wordpress_counts import Survey, counts_of, likes_of


@pytest.mark.parametrize(
    "key",
    ["post_views_count", "views", "_views", "view_count", "wpb_post_views_count", "tie_views", "post_view"],
)
def test_view_keys(key):
    assert counts_of([(key, "12")]).views == 12


@pytest.mark.parametrize(
    "key",
    [
        "preview",
        "reviews_template",
        "review_score",
        "views_template",
        "td_post_views_7_day",
        "overview",
        "_edit_last",
    ],
)
def test_other_keys_are_no_views(key):
    assert counts_of([(key, "12")]).views == 0


@pytest.mark.parametrize(
    "key",
    ["_total_shares", "shares", "share_count", "mashsb_shares", "essb_c_total", "esml_socialcount_TOTAL"],
)
def test_share_keys(key):
    assert counts_of([(key, "12")]).shares == 12


def test_networks_make_up_a_missing_sum():
    counts = counts_of([("_facebook_shares", "10"), ("essb_c_pinterest", "4"), ("x_share_count", "3")])

    assert counts.shares == 17
    assert counts.parts == {"facebook": 10, "pinterest": 4, "twitter": 3}


@pytest.mark.parametrize("value", ["", "-4", "1.5", "12 views", "²", "9" * 30, "a:0:{}"])
def test_odd_values_are_no_numbers(value):
    assert counts_of([("views", value)]).views == 0


def test_the_numbers_that_an_editor_typed_into_the_theme():
    value = 'a:4:{s:19:"view_counter_number";s:4:"5000";s:20:"share_counter_number";s:3:"700";}'
    counts = counts_of([("jnews_override_counter", value), ("views", "12")])

    assert (counts.views, counts.shares) == (5000, 700)


def survey(*rows: dict[str, int]) -> str:
    made = Survey()
    for row in rows:
        made.add([(key, str(value)) for key, value in row.items()])
    return made.invented()


def test_a_fixed_part_of_the_views_is_invented():
    reason = survey(
        *({"views": views, "total_shares": int(views * 0.38)} for views in (1000, 2500, 421, 9000, 80))
    )

    assert "38.0% of the views on 5 of 5 articles" in reason


def test_a_fixed_part_for_each_network_is_invented():
    rows = [
        {"facebook_shares": round(n * 0.4), "twitter_shares": round(n * 0.25), "total_shares": n}
        for n in (100, 231, 57)
    ]

    assert "40 %" in survey(*rows)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"views": 1000, "total_shares": 200}],
        [
            {"views": 10, "total_shares": 1},
            {"views": 20, "total_shares": 2},
            {"views": 31, "total_shares": 3},
        ],
        [
            {"views": 1000, "total_shares": 90},
            {"views": 800, "total_shares": 210},
            {"views": 5000, "total_shares": 44},
        ],
        [{"views": 1000}, {"views": 800}, {"views": 500}],
        [{"views": 500, "total_shares": 50}] * 6,
    ],
)
def test_real_and_scarce_numbers_are_believed(rows):
    assert survey(*rows) == ""


@pytest.mark.parametrize(
    ("meta", "likes"),
    [
        ([("cld_like_count", "3"), ("cld_dislike_count", "9")], 3),
        ([("_commentliked", "4"), ("wpdiscuz_votes", "5")], 5),
        ([("wpdiscuz_votes", "-2")], 0),
        ([("cld_like_count", "9" * 14)], 2**31 - 1),
        ([("rating", "5"), ("cld_like_count", "many")], 0),
    ],
)
def test_likes_of_comments(meta, likes):
    assert likes_of(meta) == likes
