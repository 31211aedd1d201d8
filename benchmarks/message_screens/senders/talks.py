"""The cast of family ``senders``: a recorder, and colleagues of whom some have nearly her name (all synthetic)."""

from pathlib import Path
from random import Random

from benchmarks.message_screens.office_talks import Cast, OfficeTalk, draw_from

ME, LOGIN, ADDRESS = "Marit Solberg", "msolberg", "marit.solberg@acme.example"
NAMES = (ME, "Solberg, Marit", LOGIN, ADDRESS)
"""Names of the recorder that a directory of the organisation holds."""
NAMESAKE, TEAM = "Marit Sundby", "Warehouse Desk"
"""A colleague with the same first name, and an account that several people share."""
ACCOUNT = f"Google Account: {ME} ({ADDRESS})"

_CAST = Cast(
    (
        NAMESAKE, "Marit Solberg-Lien", "Mads Solberg", "msolberg2", "In\u00eas Carvalho", "\u7dd2\u65b9 \u5320",
        "Pawe\u0142 Gil (Guest)", "e.dijkstra", TEAM, "Dr. Bea Ocampo, Legal",
    ),
    Path(__file__).with_name("sentences.txt"),
    {
        "en": "sure thing|will do|not me|thanks both",
        "es": "vale, gracias|yo no puedo|de acuerdo|ahora voy",
        "it": "va bene|ci penso io|purtroppo no|grazie mille",
        "nl": "komt goed|doe ik|helaas niet|dank jullie wel",
        "pl": "jasne|zrobi\u0119 to|niestety nie|dzi\u0119ki wielkie",
        "ja": "\u4e86\u89e3\u3067\u3059|\u52a9\u304b\u308a\u307e\u3059|\u7121\u7406\u3067\u3059",
    },
)  # fmt: skip


def draw_sender_talk(draw: Random) -> OfficeTalk:
    """Draw a conversation of this cast in one language."""
    return draw_from(_CAST, draw)
