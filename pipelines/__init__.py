"""The command line and the drivers: configuration, one release, nightly runs, budget, private state.

In: addresses of logs, a consent registry, a key set. Out: signed releases and an exit code.
Start reading in ``cli.main``, then ``release.run``.
"""
