"""Which element may stand in which, as far as the balancer must know it."""

PHRASING_ONLY = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "pre", "summary", "dt", "caption"})
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
CELLS = frozenset({"td", "th", "caption"})
TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", *CELLS})
PARENTS = {
    "li": frozenset({"ul", "ol"}),
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
    "figcaption": frozenset({"figure"}),
    "summary": frozenset({"details"}),
    "caption": frozenset({"table"}),
    "thead": frozenset({"table"}),
    "tbody": frozenset({"table"}),
    "tfoot": frozenset({"table"}),
    "tr": frozenset({"thead", "tbody", "tfoot"}),
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
}
# What a container holds when something else is put right into it.
IMPLIED = {
    "ul": "li",
    "ol": "li",
    "dl": "dd",
    "table": "tbody",
    "thead": "tr",
    "tbody": "tr",
    "tfoot": "tr",
    "tr": "td",
}
# What is written before a part of a table that lacks it.
AROUND = {"td": "tr", "th": "tr", "tr": "tbody"}
# Blocks without blocks in them add no depth that matters; containers need room for what they must hold.
LEAVES = PHRASING_ONLY | {"hr"}
ROOM = {"table": 4, "ul": 2, "ol": 2, "dl": 2}
# An end tag or an item of a list does not reach out of these.
WALLS = CELLS | {"table", "blockquote", "figure", "details"}
KEPT_EMPTY = frozenset({"td", "th", "tr"})
# Tags that part the text around them even where they are not kept.
PARTING = frozenset(
    {"p", "div", "blockquote", "pre", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "h1", "h2", "h3", "h4", "h5",
     "h6", "section", "article", "header", "footer", "aside", "main", "nav", "address", "center", "figure", "form",
     "fieldset", "details", "hr"}
)  # fmt: skip
