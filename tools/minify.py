"""Takes comments and idle white space out of our own styles and scripts; it changes nothing else."""

import re

_CSS_PARTS = re.compile(
    r"""(?P<keep>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\(\s*[^"'\s)][^)]*\))"""
    r"""|(?P<comment>/\*.*?\*/)|(?P<space>\s+)""",
    re.DOTALL,
)
_TIGHT = re.compile(r" ?([{};,]) ?")
_LINE_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)


def css(source: str) -> str:
    """Answer the style sheet without comments and idle spaces; strings and addresses stay as they are."""
    kept: list[str] = []

    def fold(match: re.Match[str]) -> str:
        if match["keep"] is not None:
            kept.append(match["keep"])
            return f"\0{len(kept) - 1}\0"
        return " " if match["space"] is not None else ""

    text = _CSS_PARTS.sub(fold, source)
    text = re.sub(r" +", " ", text)
    text = _TIGHT.sub(r"\1", text)
    # White space after a colon stands only in declarations and media features; before one it can be a selector.
    text = re.sub(r": +", ":", text).replace(";}", "}").strip()
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], text)


def js(source: str) -> str:
    """Answer the script without comments that fill whole lines and without indentation.

    A script with a template literal over several lines comes back as it is: there, spaces mean something.
    """
    if any(line.count("`") % 2 for line in source.splitlines()):
        return source
    text = _LINE_COMMENT.sub("", source + "\n")
    text = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*\n", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"^[ \t]+|[ \t]+$|\n(?=\s*\n)", "", text, flags=re.MULTILINE)
