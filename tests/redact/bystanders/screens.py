"""A labelled set of screens on which other people write, by applications that the development set does not have.

Every line has a label: ``<`` is somebody else's, ``>`` the recorder's own, typed in the session; ``.`` the window's.
All is made up.
"""

from typing import NamedTuple


class Labelled(NamedTuple):
    """A window and its lines, each with its label in front."""

    app: str
    title: str
    url: str
    lines: str


SCREENS = (
    Labelled(
        "geary",
        "Inbox - Geary",
        "",
        """
. Inbox (4)
. Reply
< From: Ilse Brandhofer
< Could you look at the draft before noon? I am out tomorrow.
< It is only the second chapter, the rest is fine.
> I will read it this afternoon and send notes
. Send
""",
    ),
    Labelled(
        "evolution",
        "Re: offsite - Evolution Mail",
        "",
        """
. Archive
. Forward
< My son is ill, so I cannot come to the offsite.
< Sorry for the short notice!
> No worries at all, get well soon to him
> We will record the session for you
""",
    ),
    Labelled(
        "element-desktop",
        "Element | Kitchen crew",
        "",
        """
. Search
< the dishwasher is broken again
< who has the number of the plumber
> I called them, they come on Thursday
< thank you so much
. 10:42
< my landlord says the same every time haha
""",
    ),
    Labelled(
        "firefox",
        "Town hall - Mattermost - Firefox",
        "https://mattermost.corp.example/main/channels/town",
        """
. Threads
< has anybody heard why the Lisbon office closes
< my manager would not tell
> I only know what was in the newsletter
. Reply
< please keep it to yourselves for now
""",
    ),
    Labelled(
        "chrome",
        "Zulip - general",
        "https://zulip.example.org/#narrow",
        """
. All messages
< the migration took down staging twice
< we should write a post-mortem before Friday
> I can draft the timeline tonight
< great, ping me when there is something to read
""",
    ),
    Labelled(
        "jitsi-meet",
        "Weekly - Jitsi Meet",
        "",
        """
. Mute
. Settings
< so the numbers for the quarter are not what we hoped
< I would rather not say that in front of the client
< can everybody see my slides
> slides are visible here
""",
    ),
    Labelled(
        "kalender",
        "Woche 48 - Kalender",
        "",
        """
. Heute
< Gespräch mit dem Betriebsrat wegen Versetzung
< Zahnarzt
< Abschied von Frau Oberholzer im dritten Stock
> Fahrrad in die Werkstatt bringen
""",
    ),
    Labelled(
        "firefox",
        "Roundcube Webmail :: Neue Nachricht",
        "https://post.example.net/roundcube/",
        """
. Senden
< Am Montag schrieb Herr Vogelsang:
< Die Rechnung vom letzten Monat ist noch offen, bitte um Klärung.
< Ich bin ab Mittwoch im Urlaub.
> Die Zahlung ist heute rausgegangen, bitte entschuldigen Sie
""",
    ),
    Labelled(
        "wire",
        "Wire",
        "",
        """
. Search
< did you get home alright last night
< call your mother she worries
> all fine, slept like a stone
< good, see you at the lake on Sunday
""",
    ),
    Labelled(
        "skypeforlinux",
        "Skype",
        "https://web.skype.com/",
        """
. Contacts
< je suis en retard, commencez sans moi
< le train est encore bloqué à Dijon
> pas de souci, on garde tes diapos pour la fin
< merci beaucoup
""",
    ),
    Labelled(
        "front",
        "Shared inbox - Front",
        "https://app.frontapp.com/open/1",
        """
. Assign
. Archive
< the parcel never arrived and nobody answers the phone
< I want my money back by the end of the week
> a refund is on its way, we are sorry
< finally, thanks for the quick answer
""",
    ),
    Labelled(
        "webex",
        "Standup - Webex",
        "",
        """
. Captions
< yesterday I fixed the importer and reviewed two changes
< today I am blocked by the missing certificate
> the certificate was renewed this morning
< perfect, then I can go on
""",
    ),
)
