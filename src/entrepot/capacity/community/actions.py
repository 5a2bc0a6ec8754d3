"""Saying who one is and to whom; joining and leaving groups; speaking in them; writing a letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from entrepot.capacity.competencies.api import topic_rules
from entrepot.capacity.training.api import activity_rules, attended
from entrepot.capacity.training.enums import Stage
from entrepot.ground.access.api import without
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.people.api import person_rules
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop

from . import letters
from .enums import Belonging, Sight
from .models import Fellow, Group, Letter, Post, Profile, Tongue
from .rules import fellow_rules, group_rules, post_rules, profile_rules

TAUGHT = (Stage.DELIVERED, Stage.CLOSED, Stage.FOLLOWED_UP)
LETTERS_A_DAY = 20
POSTS_A_DAY = 50
LONGEST = 4000


def _myself(by: Principal, *, takes_back: bool = False) -> Any:
    """Whoever takes part. Who takes back what they gave may do so where their Member has switched the module off, too."""
    if by.person_id is None or not by.scoped("community:write"):
        raise NotAllowed(gettext_noop("Sign in to take part."))
    if "community" in by.off and not takes_back:
        raise NotAllowed(gettext_noop("Your administration has switched this module off."))
    return person_rules.visible_to(SYSTEM).select_related("home").get(pk=by.person_id)


def _one_at_a_time(person: Any) -> None:
    """What one person sends comes one after another, until the transaction ends: many at once are counted like any others."""
    list(person_rules.visible_to(SYSTEM).filter(pk=person.pk).select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


def _said(text: str, name: str = "text") -> str:
    text = text.strip()
    if len(text) < 2 or len(text) > LONGEST:
        raise Invalid({name: gettext_noop("Write 2 to 4,000 characters.")})
    return text


def _checked(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Any], list[str]]:
    kept = {name: str(values.get(name) or "").strip() for name in ("headline", "about", "ask_me")}
    faults = {}
    for name, most in (("headline", 160), ("about", 2000), ("ask_me", 300)):
        if len(kept[name]) > most:
            faults[name] = gettext_noop("This is too long.")
    sight = str(values.get("sight") or Sight.PRIVATE)
    if sight not in list(Sight):
        faults["sight"] = gettext_noop("Choose who may see it.")
    languages = sorted(set(values.get("languages") or ()))
    if not set(languages) <= set(LANGUAGES):
        faults["languages"] = gettext_noop("Choose from the list.")
    codes = sorted({str(getattr(topic, "code", topic)) for topic in values.get("topics") or ()})
    topics = list(topic_rules.visible_to(SYSTEM).filter(code__in=codes))
    if len(topics) != len(codes):
        faults["topics"] = gettext_noop("The catalogue has no topic with this code.")
    if sight != Sight.PRIVATE and not kept["headline"]:
        faults["headline"] = gettext_noop("Say in a few words what you do, before others see it.")
    if faults:
        raise Invalid(faults)
    return kept | {"sight": sight}, topics, languages


@action
def keep_profile(*, by: Principal, at: datetime, values: Mapping[str, Any], version: int | None = None) -> Profile:
    """Say who one is: `headline`, `about`, `ask_me`, `topics` (or their codes), `languages` (codes), and to whom: `sight`.

    Opening it to others is the person's consent, journaled with its time; closing it takes effect at once. `version` is the one that the
    form had open. Raises `Invalid` by field and `StaleEdit`.
    """
    person = _myself(by, takes_back=values.get("sight") == Sight.PRIVATE)
    kept, topics, languages = _checked(values)
    profile = Profile.objects.filter(person=person).select_for_update(of=("self",)).first()
    before = profile.sight if profile else Sight.PRIVATE
    if profile is None:
        profile = Profile.objects.create(person=person)
        version = None
    profile.person = person
    if kept["sight"] == Sight.PRIVATE:
        kept["shared_at"] = None
    elif kept["sight"] != before or profile.shared_at is None:
        kept["shared_at"] = at
    change(profile, kept, version=version)
    profile.topics.set(topics)
    Tongue.objects.filter(profile=profile).exclude(language__in=languages).delete()
    Tongue.objects.bulk_create([Tongue(profile=profile, language=code) for code in languages], ignore_conflicts=True)
    verb = "community.profile.kept" if kept["sight"] == before else "community.profile.opened"
    if kept["sight"] == Sight.PRIVATE and before != Sight.PRIVATE:
        verb = "community.profile.closed"
    append(by=by, at=at, verb=verb, thing=profile, place=person.home.lineage, facts={"sight": kept["sight"]})
    return profile


@action
def delete_profile(*, by: Principal, at: datetime) -> None:
    """Take away all that one has said of oneself."""
    person = _myself(by, takes_back=True)
    profile = Profile.objects.filter(person=person).select_for_update(of=("self",)).first()
    if profile is None:
        raise NotFound
    append(by=by, at=at, verb="community.profile.deleted", thing=profile, place=person.home.lineage)
    profile.delete()


@action
def open_group(*, by: Principal, at: datetime, activity: UUID) -> Group:
    """Open the alumni group of a taught activity: who took part and who taught are asked to join. Again: whoever is new is asked."""
    found = activity_rules.visible_to(by).select_related("region", "host").filter(uuid=activity).first()
    if found is None:
        raise NotFound
    activity_rules.require(by, "deliver", found)
    if not by.scoped("community:write"):
        raise NotAllowed(gettext_noop("This token or link was not issued for that."))
    if found.stage not in TAUGHT:
        raise Conflict(gettext_noop("A group is made of an activity that has been taught."))
    return _opened(found, by=by, at=at)


def on_stage(activity: Any, stage: Stage, by: Principal, at: datetime) -> None:
    """Inside the action that closes an activity: its alumni are asked to join its group."""
    if stage == Stage.CLOSED:
        _opened(activity, by=by, at=at)


def _opened(activity: Any, *, by: Principal, at: datetime) -> Group:
    group, made = Group.objects.get_or_create(activity=activity, defaults={"opened_at": at})
    known = set(group.fellows.values_list("person_id", flat=True))
    people = {nomination.person: False for nomination in attended(activity).filter(person__erased_at__isnull=True)}
    people |= dict.fromkeys(activity.trainers.select_related("home").filter(erased_at__isnull=True), True)
    new = [Fellow(group=group, person=person, taught=taught, asked_at=at) for person, taught in people.items() if person.pk not in known]
    if not made and not new:
        nothing_done()
        return group
    Fellow.objects.bulk_create(new)
    append(by=by, at=at, verb="community.group.opened", thing=group, place=activity.region.lineage, facts={"asked": len(new)})
    letters.ask_to_join(group, activity, [fellow.person for fellow in new], by=by, at=at)
    return group


def _fellow(by: Principal, uuid: UUID, *, takes_back: bool) -> Fellow:
    """One's own place in the group with this uuid, locked."""
    related = ("group__activity__region",)
    fellow = Fellow.objects.select_related(*related).filter(group__uuid=uuid, person=_myself(by, takes_back=takes_back))
    found = fellow.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    fellow_rules.require(by, "belong", found)
    return found


def _belong(by: Principal, at: datetime, uuid: UUID, verb: str, values: dict[str, Any], *, takes_back: bool = False) -> Fellow:
    fellow = _fellow(by, uuid, takes_back=takes_back)
    joined = Belonging.JOINED in (fellow.belonging, values.get("belonging"))
    if change(fellow, values, version=None) and joined:
        append(by=by, at=at, verb=verb, thing=fellow.group, place=fellow.group.activity.region.lineage)
    else:
        nothing_done()
    return fellow


@action
def join(*, by: Principal, at: datetime, uuid: UUID) -> Fellow:
    """Join a group that one was asked into; the others see one's name from now on."""
    fellow = Fellow.objects.filter(group__uuid=uuid, person=_myself(by)).first()
    since = fellow.joined_at if fellow and fellow.belonging == Belonging.JOINED else at
    return _belong(by, at, uuid, "community.group.joined", {"belonging": Belonging.JOINED, "joined_at": since})


@action
def leave(*, by: Principal, at: datetime, uuid: UUID) -> Fellow:
    """Leave a group, or decline: the others no longer see one among them. What one said stays until one takes it out.

    Declining is not journaled: those who joined are known, and an entry of anyone else would tell who did not want to.
    """
    return _belong(by, at, uuid, "community.group.left", {"belonging": Belonging.LEFT, "joined_at": None}, takes_back=True)


@action
def hear(*, by: Principal, at: datetime, uuid: UUID, hears: bool) -> Fellow:
    """Be told, or no longer, when something is said in a group."""
    return _belong(by, at, uuid, "community.group.hearing", {"hears": hears}, takes_back=not hears)


@action
def say(*, by: Principal, at: datetime, uuid: UUID, text: str, parent: UUID | None = None) -> Post:
    """Say something in the group with this uuid, or answer the post `parent`. Told to fellows once a day at most."""
    person = _myself(by)
    group = group_rules.visible_to(by).select_related("activity__region").filter(uuid=uuid).first()
    if group is None:
        raise NotFound
    group_rules.require(by, "speak", group)
    text = _said(text)
    _one_at_a_time(person)
    if Post.objects.filter(person=person, at__gt=at - timedelta(days=1)).count() >= POSTS_A_DAY:
        raise Conflict(gettext_noop("That is a lot for one day. Go on tomorrow."))
    above = None
    if parent is not None:
        above = group.posts.filter(uuid=parent, out_at__isnull=True).select_related("parent").first()
        if above is None:
            raise NotFound
        above = above.parent or above
    post = Post.objects.create(group=group, person=person, parent=above, at=at, text=text)
    append(by=by, at=at, verb="community.post.said", thing=post, place=group.activity.region.lineage, facts={"group": group.uuid})
    hearing = group.fellows.filter(belonging=Belonging.JOINED, hears=True).exclude(person=person)
    within = hearing.exclude(person__home__in=without("community")).select_related("person__home")
    letters.tell_said(post, group, [fellow.person for fellow in within], by=by, at=at)
    return post


@action
def take_out(*, by: Principal, at: datetime, uuid: UUID, because: str = "") -> Post:
    """Take a post's words out: one's own without a reason, another's as whoever looks after the group, with one."""
    post = hold(post_rules.visible_to(by).select_related("group__activity__region", "group__activity__host"), uuid)
    post_rules.require(by, "take out", post)
    if post.out_at:
        raise Conflict(gettext_noop("It has been taken out already."))
    because = because.strip()
    if post.person_id != by.person_id and not 5 <= len(because) <= 300:
        raise Invalid({"because": gettext_noop("Say why, in 5 to 300 characters; whoever wrote it reads it.")})
    change(post, {"text": "", "out_at": at, "out_by": by.uuid, "out_because": because}, version=None)
    append(by=by, at=at, verb="community.post.taken_out", thing=post, place=post.group.activity.region.lineage)
    if post.person_id != by.person_id:
        letters.tell_out(post, by=by, at=at)
    return post


@action
def write(*, by: Principal, at: datetime, uuid: UUID, text: str) -> Letter:
    """Write to the person whose profile has this uuid: it comes to them as a notice, with the way back and no address.

    Whoever writes shows themself first: the sender's own profile must be open to the other. Raises `Conflict` where it is not, and after
    twenty letters in a day.
    """
    person = _myself(by)
    profile = profile_rules.visible_to(by).select_related("person__home").filter(uuid=uuid).first()
    if profile is None:
        raise NotFound
    profile_rules.require(by, "write to", profile)
    if profile.person_id == person.pk:
        raise Conflict(gettext_noop("That is you."))
    text = _said(text)
    mine = shown_to(person, profile.person)
    if mine is None:
        raise Conflict(gettext_noop("Open your own profile to them first, so that they see who writes and can answer."))
    _one_at_a_time(person)
    if Letter.objects.filter(sender=person, at__gt=at - timedelta(days=1)).count() >= LETTERS_A_DAY:
        raise Conflict(gettext_noop("That is a lot for one day. Go on tomorrow."))
    letter = Letter.objects.create(sender=person, to=profile.person, at=at)
    append(by=by, at=at, verb="community.letter.sent", thing=letter, place=person.home.lineage)
    letters.tell_letter(letter, mine, text, by=by, at=at)
    return letter


def shown_to(person: Any, other: Any) -> Profile | None:
    """The profile of `person`, where `other` may see it."""
    profile = Profile.objects.filter(person=person).first()
    if profile is None or profile.sight == Sight.PRIVATE:
        return None
    if profile.sight == Sight.ADMINISTRATION and person.home_id != other.home_id:
        return None
    return profile


def erase(person_id: int, _at: datetime) -> None:
    """Inside the erasure of a person: their profile and places in groups go, their words in groups too."""
    Profile.objects.filter(person_id=person_id).delete()
    Fellow.objects.filter(person_id=person_id).delete()
    Post.objects.filter(person_id=person_id, answers__isnull=True).delete()
    Post.objects.filter(person_id=person_id, out_at__isnull=True).update(text="", out_at=_at, out_because="")
    Letter.objects.filter(sender_id=person_id).delete()
    Letter.objects.filter(to_id=person_id).delete()


def merge(dropped: int, kept: int, _at: datetime) -> None:
    """Inside the merge of two records of one person: the kept one's profile stands, or the dropped one's where there was none."""
    if Profile.objects.filter(person_id=kept).exists():
        Profile.objects.filter(person_id=dropped).delete()
    Profile.objects.filter(person_id=dropped).update(person_id=kept)
    for fellow in Fellow.objects.filter(person_id=dropped):
        rival = Fellow.objects.filter(person_id=kept, group=fellow.group_id).first()
        if rival is not None:
            joined = fellow.belonging == Belonging.JOINED and rival.belonging != Belonging.JOINED
            (rival if joined else fellow).delete()
    for model, path in ((Fellow, "person_id"), (Post, "person_id"), (Letter, "sender_id"), (Letter, "to_id")):
        model.objects.filter(**{path: dropped}).update(**{path: kept})


def all_of(person_id: int) -> dict[str, Any]:
    """What the room holds about one person, for them."""
    profile = Profile.objects.filter(person_id=person_id).first()
    own = ("sight", "headline", "about", "ask_me", "shared_at")
    said: Iterable[dict[str, Any]] = Post.objects.filter(person_id=person_id).order_by("at").values("group__activity__title", "at", "text")
    groups: Sequence[dict[str, Any]] = list(
        Fellow.objects.filter(person_id=person_id).values("group__activity__title", "belonging", "taught", "asked_at", "joined_at")
    )
    return {
        "profile": profile
        and {name: getattr(profile, name) for name in own}
        | {"topics": [topic.title for topic in profile.topics.all()], "languages": [one.language for one in profile.tongues.all()]},
        "groups": groups,
        "posts": list(said),
        "letters": list(Letter.objects.filter(sender_id=person_id).values("at")),
        "letters_got": list(Letter.objects.filter(to_id=person_id).values("at")),
    }
