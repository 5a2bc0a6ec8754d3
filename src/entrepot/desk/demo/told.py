"""What the invented workshops of the practice region say. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from entrepot.capacity.needs.enums import Mode


@dataclass(frozen=True, slots=True)
class Workshop:
    """The words of one workshop."""

    title: str
    competency: str
    host: str
    seats: int
    objectives: str
    outcomes: tuple[str, ...]
    target: str
    needed_by: tuple[str, ...]
    mode: Mode = Mode.HYBRID


TITLES = {
    "origin": Workshop(
        *("Rules of origin at the counter", "ORI-1", "RTC-MERI", 14),
        "Officers verify preferential origin from papers and production, and say why they refuse.",
        (
            "verify a certificate of origin against the file",
            "ask the exporter the three questions that settle most cases",
            "write a refusal that stands",
        ),
        "Officers who decide on origin daily",
        ("ATN", "KARS", "KALA", "ORCH"),
    ),
    "images": Workshop(
        *("Reading images of parcels", "IMG-1", "RTC-MERI", 12),
        "Officers compare an image with what is declared and find what does not fit.",
        ("read an image in thirty seconds", "mark what does not fit and say why"),
        "Officers at scanners",
        ("MERI", "SAG", "DELT"),
    ),
    "audit": Workshop(
        *("Audit at the trader’s premises", "PCA-1", "RTC-SAG", 12),
        "Auditors plan an audit from risk, carry it out and close it with figures that hold.",
        ("plan an audit from the trader’s own figures", "close it with a finding that holds"),
        "Post-clearance auditors",
        ("STEP", "ORCH"),
    ),
    "parcels": Workshop(
        *("Small parcels, advance data", "ECO-1", "RTC-SAG", 10),
        "Officers assess parcels before they arrive and know which to open.",
        ("read advance data for what is missing", "choose ten parcels of a thousand and defend the choice"),
        "Officers in parcel halls",
        ("SAG", "ATN", "LAG"),
    ),
    "risk": Workshop(
        *("Profiles that end", "RSK-1", "RTC-MERI", 12),
        "Analysts write profiles, test them on past files and retire those that find nothing.",
        ("test a profile on last year’s files", "retire a profile with reasons"),
        "Risk analysts and those who approve profiles",
        ("MERI", "KALA", "STEP"),
    ),
    "value": Workshop(
        *("Values that do not add up", "VAL-2", "RTC-SAG", 15),
        "Officers recognise understated values, gather proof, and leave honest traders alone.",
        ("recognise an understated value from the file", "gather proof that stands"),
        "Valuation officers with two years or more",
        ("ATS", "LAG", "REEF"),
    ),
    "data": Workshop(
        *("Questions to declaration data", "DAT-1", "RTC-MERI", 16),
        "Analysts prepare a year of declarations and answer three questions that a head of office asks.",
        ("prepare a year of declarations", "answer a question with a figure and its doubt"),
        "Analysts, and officers who want to be",
        ("DELT",),
        Mode.ONLINE,
    ),
    "counterfeit": Workshop(
        *("Counterfeit medicines", "IPR-1", "RTC-SAG", 12),
        "Officers recognise counterfeit medicines and act at once.",
        ("recognise a counterfeit blister", "act for the right holder within the day"),
        "Officers in parcel halls and at ports",
        ("DELT", "REEF"),
    ),
}
EVIDENCE = {
    "IMG": "Two of eleven openings last month found what the image had shown.",
    "VAL": "Nine disputes in the quarter, five lost for want of proof.",
    "ORI": "Certificates are taken as they come; nobody has refused one in a year.",
    "DAT": "A year of declarations lies unread: nobody can say which office finds what.",
    "RSK": "Forty profiles run; six of them have hit nothing since they were written.",
    "ECO": "Three hundred parcels a day, two officers, no order among them.",
    "PCA": "Audits end in letters; none has changed a duty.",
    "IPR": "Blisters were let through that a pharmacist knew at sight.",
}
TEST = """What decides in the first place?
* the file and the law
- the carrier
- the price list on the wall

Who has to prove?
- whoever is asked last
* whoever claims
- nobody

When is a doubt enough to ask?
- never
* when it can be named"""
REACTIONS = ("The three questions", "The worked files", "The list, on Monday", "Asking before arguing")
AFTER = (
    ("A one-page list at the counter", "Cases are argued one by one", "used at every shift"),
    ("Brief my shift for twenty minutes", "I am the only one who went", "eight colleagues briefed"),
    ("Keep the worked files of the quarter", "Nobody remembers what was decided", "twelve files kept"),
    ("Review refusals with the head of office monthly", "Refusals do not stand", "three meetings held"),
)
PRACTICE: dict[str, Any] = {
    "title": "A one-page list at the counter",
    "problem": "Origin was argued certificate by certificate, and the same doubt was settled differently by each shift.",
    "context": "One wharf, nine officers in three shifts, a hundred and forty certificates a month, a slow line.",
    "done": "One page with the three questions and the four signs of trouble lies at the counter. Each shift ticks it for the file.",
    "resources": "Two afternoons of two officers, a printer.",
    "results": "Refusals are written in half the time; of fourteen refusals two were disputed, before it was nine of twelve.",
    "evidence": "The refusal book of both half-years; the ticked pages in the files.",
    "lessons": "Write it with the shift that will use it, not for them.",
    "transfer": "A head of office who looks at the pages; origin files on paper or printed.",
    "contact": "The coordinator of the Member",
}
COORDINATORS = (
    *(("ATS", "Marie Tavo"), ("LAG", "Adi Kini"), ("REEF", "Zito Sarmento"), ("SAG", "Dewi Anggraini"), ("MERI", "윤서연")),
    *(("KALA", "มาลี ใจดี"), ("DELT", "রুমানা হক"), ("KARS", "ບຸນມີ"), ("STEP", "Bat-Erdene"), ("ORCH", "Zahra Malik")),
)
LESSONS = ("The three questions at the counter", "How to read an origin file", "Asking before arguing")
MEMBER_SAID = (
    "Two shifts were briefed and the list hangs at the counter; refusals are written in half the time.",
    "The procedure for doubts was rewritten: a doubt that cannot be named is no doubt.",
    "Nine of fourteen refusals stood, before it was three of twelve; counted in the refusal book.",
)
BASES = (
    "Storage days that importers no longer pay for, by the port's tariff.",
    "Hours of two officers that now go to other files.",
    "An estimate of the head of the office; nobody has counted.",
)
PROJECTS = (
    "A register of origin decisions that all offices can read, led by the tariff unit.",
    "A pool of images of parcels, led by the mail centre, so that new officers learn from old cases.",
)
HOPES = ("To refuse a false origin and keep my refusal", "To know which parcel to open", "To teach it to my shift")
HOPES_IN_FRENCH: dict[str, Any] = {
    "hope": {"text": "Que voulez-vous savoir faire après, que vous ne savez pas faire aujourd’hui ?"},
    "case": {"text": "Quel cas de votre travail apporterez-vous ?"},
    "sure": {"text": "Êtes-vous sûr de ce sujet aujourd’hui ?"},
    "support": {"text": "Mon supérieur a parlé avec moi de ce que je dois rapporter"},
}
