"""Facts of marketing. Subjects are "survey:<id>", "review:<id>" and "campaign:<id>"; `about_subject` names what was asked about."""

from dataclasses import dataclass

from dealership.events.base import Fact
from dealership.language import later


@dataclass(frozen=True, kw_only=True)
class SurveyFact(Fact):
    """What facts of a survey carry. `survey_kind`: csi (service) or ssi (sales)."""

    survey_id: int
    survey_kind: str
    #: "ro:48213" or "deal:9041".
    about_subject: str = ""
    #: Who dealt with the customer: the advisor, the salesperson.
    person_id: int | None = None
    vehicle: str = ""


@dataclass(frozen=True, kw_only=True)
class SurveyAsked(SurveyFact):
    """The question how it was reached the customer's phone, or a person asked it."""

    sentence = later("Asked how it was")


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(SurveyFact):
    """The customer said how it was. `rating` of 1 to 5; None where only words came."""

    sentence = later("Answered how it was: {rating_words} {words}")
    personal = frozenset({"words"})
    rating: int | None = None
    rating_words: str = ""
    words: str = ""
    is_unhappy: bool = False


@dataclass(frozen=True, kw_only=True)
class SurveyWithheld(SurveyFact):
    """They are not asked now, because they are unhappy about something that nobody has settled yet."""

    sentence = later("Not asked how it was: {why}")
    why: str


@dataclass(frozen=True, kw_only=True)
class RecoveryRecorded(SurveyFact):
    """A manager spoke with the unhappy customer and wrote down what went wrong, what was done, and how it stands."""

    sentence = later("Won back: {what_was_done}")
    personal = frozenset({"what_went_wrong"})
    what_went_wrong: str
    what_was_done: str
    is_resolved: bool = True


@dataclass(frozen=True, kw_only=True)
class ReviewRequested(SurveyFact):
    """The customer was sent the address for a public review: everybody is, whatever they answered."""

    sentence = later("Asked for a public review")


@dataclass(frozen=True, kw_only=True)
class ReviewFact(Fact):
    """What facts of a public review carry. `department` is what it is about."""

    review_id: int
    site: str
    stars: int
    department: str


@dataclass(frozen=True, kw_only=True)
class ReviewPosted(ReviewFact):
    """Somebody wrote a public review."""

    sentence = later("{stars} stars on {site}: “{excerpt}”")
    personal = frozenset({"excerpt", "who"})
    excerpt: str = ""
    who: str = ""


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(ReviewFact):
    """The department's head replied in public and, where the customer is known, spoke with them."""

    sentence = later("The review on {site} was answered")


@dataclass(frozen=True, kw_only=True)
class CampaignFact(Fact):
    """What facts of a campaign carry."""

    campaign_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class CampaignApproved(CampaignFact):
    """Words and people are settled; texts begin to leave when the gate allows it."""

    sentence = ""
    n_people: int


@dataclass(frozen=True, kw_only=True)
class CampaignStopped(CampaignFact):
    """What had not left will not leave."""

    sentence = ""
    why: str
    n_withdrawn: int = 0
