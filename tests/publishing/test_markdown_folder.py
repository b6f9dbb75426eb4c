"""A whole folder is checked before anything is written: all of its mistakes are told at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from webapp.publishing import markdown_folder
from webapp.publishing.markdown_folder import Folder, Mistakes, is_plain_file

NOW = datetime(2026, 12, 4, 9, 30, tzinfo=UTC)


def write(root: Path, name: str, head: str, body: str = "The tide came in.\n") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{head}\n---\n{body}", encoding="utf-8")


def draw(root: Path, name: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (30, 20), "navy").save(path)


def read(root: Path) -> Folder:
    return markdown_folder.read(root, now=NOW, zone=UTC, media_url=lambda path: f"/media/{path}")


def mistakes(root: Path) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        read(root)
    assert str(caught.value).startswith("Nothing was changed: ")
    return [str(mistake) for mistake in caught.value.mistakes]


def test_files_are_found_in_folders_but_not_in_hidden_ones(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "headline: B")
    write(tmp_path, "sea/a.markdown", "headline: A")
    write(tmp_path, ".git/c.md", "headline: C")
    (tmp_path / "README.md").write_text("About this folder.")
    (tmp_path / "notes.txt").write_text("No article.")
    assert list(read(tmp_path).pieces) == ["b", "a"]


def test_pictures_are_meant_from_the_file_or_from_the_root(tmp_path: Path) -> None:
    draw(tmp_path, "sea/near.png")
    draw(tmp_path, "pictures/far.png")
    write(tmp_path, "sea/a.md", "headline: A\npicture: pictures/far.png", "![near](near.png)\n")
    folder = read(tmp_path)
    assert folder.leads == {"a": "pictures/far.png"}
    assert 'src="/media/sea/near.png"' in folder.bodies["a"]
    assert 'width="30"' in folder.bodies["a"]
    assert {path: (taken.width, taken.height) for path, taken in folder.pictures.items()} == {
        "pictures/far.png": (30, 20),
        "sea/near.png": (30, 20),
    }


def test_every_mistake_of_every_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "headline: A\npicture: none.png", "One.\n\n[two](none.md)\n")
    write(tmp_path, "b.md", "headlin: B")
    write(tmp_path, "c/a.md", "headline: The same slug")
    write(tmp_path, "d.md", "headline: D\nkind: page\nparent: nobody")
    write(tmp_path, "e.md", "headline: E\npermalink: /same/")
    write(tmp_path, "f.md", "headline: F\npermalink: /Same")
    (tmp_path / "g.md").write_bytes(b"---\nheadline: G\n---\n\xff\xfe\n")
    found = mistakes(tmp_path)
    assert [line.partition(": ")[0] for line in found] == [
        "a.md, line 3",
        "a.md, line 7",
        "b.md, line 2",
        "c/a.md, line 1",
        "d.md, line 4",
        "f.md, line 3",
        "g.md, line 4",
    ]
    assert "“none.png” is not there" in found[0]
    assert "taken by a.md" in found[3]
    assert "no page with the slug “nobody”" in found[4]
    assert "also that of e.md" in found[5]


def test_pages_do_not_stand_below_each_other_in_a_circle_or_below_an_article(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "headline: A\nkind: page\nparent: b")
    write(tmp_path, "b.md", "headline: B\nkind: page\nparent: a")
    write(tmp_path, "c.md", "headline: C\nkind: page\nparent: d")
    write(tmp_path, "d.md", "headline: D")
    found = mistakes(tmp_path)
    assert [line.partition(": ")[0] for line in found] == ["a.md, line 4", "b.md, line 4", "c.md, line 4"]
    assert "its own parent" in found[0]
    assert "only a page can be a parent" in found[2]


@pytest.mark.parametrize("target", ["../secret.png", "/etc/passwd.png", "linked.png", "folder/secret.png"])
def test_no_picture_is_taken_from_outside(tmp_path: Path, target: str) -> None:
    draw(tmp_path, "outside/secret.png")
    root = tmp_path / "inside"
    write(root, "a.md", f"headline: A\npicture: {target}")
    (root / "linked.png").symlink_to(tmp_path / "outside/secret.png")
    (root / "folder").symlink_to(tmp_path / "outside")
    assert "is not there; it must lie in the folder itself" in mistakes(root)[0]


def test_an_article_that_is_a_link_to_elsewhere_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "outside.md", "headline: Outside")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside/a.md").symlink_to(tmp_path / "outside.md")
    assert "link to another place" in mistakes(tmp_path / "inside")[0]


def test_what_is_no_picture_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "fake.png").write_text("<script>alert(1)</script>")
    write(tmp_path, "a.md", "headline: A\npicture: fake.png")
    assert "is no picture that can be read" in mistakes(tmp_path)[0]


def test_a_path_with_dots_or_nothing_in_it_is_no_plain_file(tmp_path: Path) -> None:
    draw(tmp_path, "a/b.png")
    assert is_plain_file(tmp_path, "a/b.png")
    assert not any(
        is_plain_file(tmp_path, path) for path in ("", "a", "a//b.png", "./a/b.png", "a/../a/b.png", "a\0")
    )


def test_a_long_list_of_mistakes_is_cut(tmp_path: Path) -> None:
    for number in range(50):
        write(tmp_path, f"{number}.md", "slug: x")
    with pytest.raises(Mistakes, match=r"Nothing was changed: 50 mistakes[\s\S]*and 10 more"):
        read(tmp_path)
