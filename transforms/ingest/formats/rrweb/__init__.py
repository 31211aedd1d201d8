"""Recordings of rrweb and of the products that build on it.

In: a file in any of the forms that rrweb, PostHog, Sentry, highlight and their exports write. Out: canonical events.
Start reading in ``recording``; ``containers`` finds the events, ``mirror`` keeps the page, ``visit`` tells them.
"""
