"""A second labelled set: windows of messages whose application, site and title the rule does not name.

Labels as in ``screens``. All is made up; the applications were chosen by their kind, before the rule was tried on them.
"""

from tests.redact.bystanders.screens import Labelled

UNNAMED = (
    Labelled(
        "Mimestream",
        "Offer for the roof",
        "",
        """
. Archive
. Reply
< Good morning, the scaffolding comes down on Tuesday.
< The invoice follows by post, please pay within two weeks.
> Thank you, Tuesday suits us well
. Send
""",
    ),
    Labelled(
        "Spark Desktop",
        "Your appointment",
        "",
        """
. Snooze
< We moved your visit to the afternoon, the doctor is ill.
< Bring the letter of your insurer.
> I can come at three instead
""",
    ),
    Labelled(
        "Beeper",
        "Family",
        "",
        """
. Search
< grandpa fell down the stairs but he is fine
< can somebody drive him home tonight
> I can pick him up after work
< you are an angel
""",
    ),
    Labelled(
        "Feishu",
        "Release crew",
        "",
        """
. Pin
< the customer found the bug before we did
< nobody tells the board until Monday
> the fix is in review now
""",
    ),
    Labelled(
        "Twist",
        "Hiring",
        "https://twist.example/a/12",
        """
. New thread
< her references were bad, I would not take her
< the other one wants too much money
> let us invite both again
""",
    ),
    Labelled(
        "chrome",
        "Campfire",
        "https://3.basecamp.example/buckets/7",
        """
. Boost
< I hand in my notice tomorrow, please keep it quiet
< we all saw it coming
> I am sorry to hear that, good luck
""",
    ),
    Labelled(
        "Pumble",
        "random",
        "",
        """
. Files
< the coffee on the second floor tastes like soap
> I brought my own since March
< can you bring some for me too
""",
    ),
    Labelled(
        "Cliq",
        "Accounting",
        "",
        """
. Call
< the auditor asks for the receipts of last summer
< mine burned with the car, what shall I say
> tell them the truth, it happens
""",
    ),
    Labelled(
        "Fantastical",
        "November",
        "",
        """
. Today
< Couple therapy with Ingrid
< Court date, bring the papers
> Take the bicycle to the repair shop
""",
    ),
    Labelled(
        "KakaoTalk",
        "Hiking on Sunday",
        "",
        """
. Emoji
< my knee still hurts from last time
< the surgeon said to wait until spring
> we can take the short way around the lake
""",
    ),
    Labelled(
        "firefox",
        "ACME-112 The importer stops",
        "https://issues.example/browse/ACME-112",
        """
. Assign
< I think Ravi broke it on purpose before he left
< please do not write such things here
> the log shows a full disk
""",
    ),
    Labelled(
        "Around",
        "Standup",
        "",
        """
. Leave
< I could not sleep because of the baby
< yesterday was a lost day for me
> I finished the report last night
""",
    ),
)

OWN_NAMES = (
    "mimestream|spark desktop|beeper|feishu|twist|pumble|cliq|fantastical|kakaotalk|around",
    r"(?:.+\.)?(?:basecamp|issues)\.example",
)
"""Value of ``redact.messengers`` for an organisation that uses these applications."""
