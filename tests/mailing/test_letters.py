"""What a mail says, in both of its forms."""

from webapp.mailing.letters import Action, Letter, Quote, Words

LETTER = Letter(
    "Lena has answered you",
    (
        Words("Good morning."),
        Quote("Lena wrote:", "First line.\n\n<b>Second</b>"),
        Action("Read it", "https://news.example/a#b"),
    ),
    footer="You asked for it.",
    stop_address="https://news.example/stop/x",
)


def test_the_text_has_quotes_addresses_and_the_way_out() -> None:
    assert LETTER.as_text() == (
        "Good morning.\n\nLena wrote:\n> First line.\n>\n> <b>Second</b>\n\nRead it:\nhttps://news.example/a#b\n\n"
        "-- \nYou asked for it.\n\nStop this mail:\nhttps://news.example/stop/x\n"
    )


def test_an_address_is_never_broken_and_long_text_is() -> None:
    address = "https://news.example/" + "a" * 200
    assert address in Letter("x", (Action("Go", address),)).as_text()
    assert all(len(line) <= 72 for line in Words("word " * 100).as_text().splitlines())


def test_programs_are_told_how_to_stop_it_and_not_to_answer() -> None:
    assert LETTER.headers() == {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<https://news.example/stop/x>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert "List-Unsubscribe" not in Letter("x", ()).headers()
