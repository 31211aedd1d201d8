"""Typed fields: plan which key rows go, stay or are typed again, and prove that no length shows.

In: key events of a field and the spans in its text. Out: a plan of key rows.
Start reading in ``typing_plan``.
"""
