"""Typed fields: plan which key rows go, stay or are typed again, and prove that no length shows.

In: key events of a field and the spans in its text. Out: a plan of key rows.
Start reading in ``typing_plan``; ``secret_plan`` plans a password or another secret. What makes a field secret
stands in ``transforms.keystrokes``: its role (``open_field``), or a value that was masked (``assign_fields``).
"""
