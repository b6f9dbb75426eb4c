import pytest

from webapp.notifying.rules import name_key


@pytest.mark.parametrize(
    "other", ["LENA", "Léna", " Lena ", "Lenа", "L.e.n.a", "Ｌｅｎａ", "lena\u200b", "𝐋ena"]
)
def test_names_that_readers_take_for_each_other_are_the_same(other: str) -> None:
    assert name_key(other) == name_key("Lena")


@pytest.mark.parametrize(
    ("one", "other"), [("Lena", "Lina"), ("Лена", "Lena K"), ("山田", "山本"), ("Jo 2", "Jo 3")]
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_name_of_signs_has_no_key() -> None:
    assert name_key("♥♥♥") == ""
