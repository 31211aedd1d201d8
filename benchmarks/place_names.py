"""Names that are places too: the share that stays where a place is meant, and that goes where a person is.

``python -m benchmarks.place_names`` puts countries, cities and languages that are called like people into sentences
about places and, of those that are given names, into sentences about people. All sentences were written for this.
"""

import argparse
import random

from schemas.entities import EntityType, Text, TextKind
from transforms.redact.detect.build import build_detector
from transforms.redact.settings import RedactSettings

PLACES = {
    "countries": "Argentina Austria Brazil Canada Chad Cuba Denmark France Germany India Ireland Israel Jordan Kenya "
    "Monaco Oman Poland Portugal Spain",
    "cities": "Albuquerque Austin Berlin Boston Brooklyn Charlotte Dallas Denver Dublin Houston Leeds Lima London Lyon "
    "Madrid Manchester Melbourne Memphis Milan Paris Phoenix Rome Sydney Toledo Valencia Wellington Zaragoza",
    "languages": "Catalan Cornish Czech Danish English Georgian German Irish Thai Welsh",
}
ABOUT_PLACES = (
    "We ship to {} within three days.", "Flights to {} are delayed.", "The {} office opens in March.", "Weather in {}",
    "Customers in {} and Norway pay in advance.", "Our warehouse near {} is full.", "Time zone: {}", "Country: {}",
    "Train from {} to Prague, platform 4", "Sales in {} rose by 4 % in May.", "New rules across {} from January on",
    "{}, Norway, Sweden", "Next stop: {}", "Trade with {} grew last year.", "She moved to {} in 2019.",
    "The conference takes place in {}.", "{} (region)", "Hotels in {} under 100", "Deliver to: {} warehouse",
    "Population of {} by year",
)  # fmt: skip
ABOUT_LANGUAGES = (
    "Language: {}", "Translated into {} by volunteers", "Choose {} or Dutch as the language.", "Dutch | {} | Finnish",
    "The {} version is out of date.", "Subtitles: {}", "Do you speak {}?", "Keyboard layout: {}", "{} (United States)",
    "Add {} to your languages", "Spelling check is off for {}.", "Documents in {} and Greek",
)  # fmt: skip
ABOUT_PEOPLE = (
    "ask {} about the invoice", "{} will send it tomorrow", "Thanks, {}", "Hi {}, can you look at this?",
    "Lunch with {}",
    "I told {} that we are late.", "{} called twice this morning.", "Assigned to {}", "Meeting with {} at 3 pm",
    "{} is on holiday until Monday.", "Can {} join us?", "I have not heard from {} yet, she is ill.",
    "{}'s birthday is on Friday",
    "{} and Anna wrote the report.", "Reviewer: {}", "Please call {} back.", "{} said that the build is broken.",
    "Did {} sign the contract?", "Best regards, {}", "My manager is {}.",
)  # fmt: skip
GIVEN = (
    "Austin Boston Brooklyn Charlotte Chad Dallas Denver Houston India Israel Jordan Kenya Memphis Milan Paris Phoenix "
    "Rome Sydney"
)


def share_with_people(sentences: list[str]) -> tuple[float, list[str]]:
    """Return the share of sentences in which a person is found, and these sentences."""
    found = build_detector(RedactSettings()).detect([Text(sentence, TextKind.SCREEN) for sentence in sentences])
    hit = [
        sentence
        for sentence, spans in zip(sentences, found, strict=True)
        if any(span.entity is EntityType.PERSON for span in spans)
    ]
    return len(hit) / len(sentences), hit


def main() -> None:
    """Print the shares by kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="list the sentences that are judged wrongly")
    asked = parser.parse_args()
    for kind, names in PLACES.items():
        patterns = ABOUT_LANGUAGES if kind == "languages" else ABOUT_PLACES
        sentences = [pattern.format(name) for name in names.split() for pattern in patterns]
        share, hit = share_with_people(sentences)
        print(f"{kind:<10} {len(sentences):5} sentences, stays {1 - share:.3f}")
        if asked.show:
            print("   ", "; ".join(random.Random(1).sample(hit, min(len(hit), 40))))  # noqa: S311 - a sample, no secret
    sentences = [pattern.format(name) for name in GIVEN.split() for pattern in ABOUT_PEOPLE]
    share, hit = share_with_people(sentences)
    print(f"{'people':<10} {len(sentences):5} sentences, found {share:.3f}")
    if asked.show:
        print("   ", "; ".join(sentence for sentence in sentences if sentence not in hit))


if __name__ == "__main__":
    main()
