"""Who may do what: one table for the pages, the documentation and the tests."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.models import INCLUDES, Role

WORDS = {
    Role.author: "writes drafts of their own and hands them over",
    Role.moderator: "looks after comments",
    Role.editor: "has all articles, comments, pictures and the front page",
    Role.admin: "does all of that, and decides who works here",
}


@dataclass(frozen=True)
class Permission:
    """Something that can be done. `role`: who has it may; `method` and `path`: where it is asked for, as tests do."""

    what: str
    role: str
    method: str
    path: str


TABLE = (
    Permission("see the own account and change its password", "", "GET", "/desk/account"),
    Permission("write drafts of their own", Role.author, "GET", "/desk/articles"),
    Permission("begin a draft", Role.author, "POST", "/desk/articles"),
    Permission("bring pictures", Role.author, "GET", "/desk/media"),
    Permission("change all articles", Role.editor, "GET", "/desk/articles/{article}"),
    Permission("publish and correct", Role.editor, "POST", "/desk/articles/{article}/publication"),
    Permission("take an article down", Role.editor, "POST", "/desk/articles/{article}/unpublication"),
    Permission("choose the front page", Role.editor, "GET", "/desk/front"),
    Permission("arrange the menus", Role.editor, "GET", "/desk/menus"),
    Permission("see how the paper is read", Role.editor, "GET", "/desk/numbers"),
    Permission("change categories", Role.editor, "GET", "/desk/categories"),
    Permission("rename and merge tags", Role.editor, "GET", "/desk/tags"),
    Permission("see imports", Role.editor, "GET", "/desk/imports/"),
    Permission("read the queue of comments", Role.moderator, "GET", "/moderation"),
    Permission("decide on comments", Role.moderator, "POST", "/moderation/comments/{comment}/approval"),
    Permission("read the log", Role.moderator, "GET", "/moderation/log"),
    Permission("read the rules for comments", Role.moderator, "GET", "/moderation/rules"),
    Permission("change the rules for comments", Role.editor, "POST", "/moderation/rules"),
    Permission("answer wishes about personal data", Role.editor, "GET", "/moderation/privacy"),
    Permission("change the site's settings", Role.editor, "GET", "/desk/site"),
    Permission("read readers' messages", Role.editor, "GET", "/desk/messages"),
    Permission("send the newsletter and see its readers", Role.editor, "GET", "/desk/newsletter"),
    Permission("invite people and set their roles", Role.admin, "GET", "/desk/people"),
    Permission("change an account", Role.admin, "POST", "/desk/people/{account}"),
)


def may(role: str, permission: Permission) -> bool:
    """Whether an account of this role may do it."""
    return not permission.role or permission.role in INCLUDES[role]


def markdown() -> str:
    """The table as docs/roles.md has it."""
    lines = [
        "# Who may do what",
        "",
        "Made by `bin/standfirst account roles --markdown`; a test asks for every cell and compares this page.",
        "",
        *(f"- **{role}** {words}." for role, words in WORDS.items()),
        "",
        f"| | {' | '.join(Role)} |",
        f"| --- |{' --- |' * len(Role)}",
    ]
    for one in TABLE:
        cells = " | ".join("yes" if may(role, one) else "no" for role in Role)
        lines.append(f"| {one.what} | {cells} |")
    return "\n".join(lines) + "\n"
