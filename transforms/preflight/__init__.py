"""Judge whether the place of a release is as restricted as was agreed; a pure verdict on collected facts.

In: facts and a policy. Out: findings with a remedy.
Start reading in ``judge_bucket``, which lists the checks of a bucket of Google Cloud Storage; ``s3.checks`` lists those
of S3, ``judge_folder`` those of a folder. Who may read a bucket is in ``access`` and ``inherited_access``, the frame of
a verdict in ``verdict``.
"""
