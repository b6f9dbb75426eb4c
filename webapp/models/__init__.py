"""The nouns: every table of the site, one file each."""

from webapp.models.account import INCLUDES, Account, Role
from webapp.models.address import Address, AddressKind, address_key
from webapp.models.article import (
    Article,
    ArticleTotals,
    Kind,
    Status,
    article_author,
    article_category,
    article_listing,
    article_related,
    article_relating,
    article_tag,
)
from webapp.models.author import Author
from webapp.models.category import Category
from webapp.models.comment import Comment, CommentFlag, CommentKind, CommentLike, CommentStatus, path_segment
from webapp.models.importing import ImportAddress, ImportedItem, ImportRun, SiteSetting
from webapp.models.mail import MailState, OutgoingMail
from webapp.models.media import Media, media_use, media_use_due
from webapp.models.menu import Menu, MenuItem
from webapp.models.message import Message
from webapp.models.moderation_entry import ModerationEntry
from webapp.models.newsletter import Edition, EditionArticle, EditionState, Subscriber, SubscriberState
from webapp.models.privacy import PrivacyRequest, PrivacyWish
from webapp.models.proof import ProvedAddress, ProvedWriter, ReplyNotice
from webapp.models.rule import BlockedNetwork, Lesson, Restriction
from webapp.models.session import Passkey, SecondFactor, StaffSession
from webapp.models.tag import Tag
from webapp.models.tally import (
    VIEW,
    DailyKey,
    DepthDay,
    Occurrence,
    ReferrerDay,
    ShareTotal,
    SiteHour,
    TallyDay,
    TallyHour,
    TrendingList,
)
from webapp.models.version import TOLD, ArticleVersion, Change, Presence, WorkingCopy

__all__ = [
    "INCLUDES",
    "TOLD",
    "VIEW",
    "Account",
    "Address",
    "AddressKind",
    "Article",
    "ArticleTotals",
    "ArticleVersion",
    "Author",
    "BlockedNetwork",
    "Category",
    "Change",
    "Comment",
    "CommentFlag",
    "CommentKind",
    "CommentLike",
    "CommentStatus",
    "DailyKey",
    "DepthDay",
    "Edition",
    "EditionArticle",
    "EditionState",
    "ImportAddress",
    "ImportRun",
    "ImportedItem",
    "Kind",
    "Lesson",
    "MailState",
    "Media",
    "Menu",
    "MenuItem",
    "Message",
    "ModerationEntry",
    "Occurrence",
    "OutgoingMail",
    "Passkey",
    "Presence",
    "PrivacyRequest",
    "PrivacyWish",
    "ProvedAddress",
    "ProvedWriter",
    "ReferrerDay",
    "ReplyNotice",
    "Restriction",
    "Role",
    "SecondFactor",
    "ShareTotal",
    "SiteHour",
    "SiteSetting",
    "StaffSession",
    "Status",
    "Subscriber",
    "SubscriberState",
    "Tag",
    "TallyDay",
    "TallyHour",
    "TrendingList",
    "WorkingCopy",
    "address_key",
    "article_author",
    "article_category",
    "article_listing",
    "article_related",
    "article_relating",
    "article_tag",
    "media_use",
    "media_use_due",
    "path_segment",
]
