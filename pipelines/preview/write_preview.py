"""The preview of one session, from recording to page (``keyveil preview``)."""

import argparse

from pipelines.budget.release_plan import profile_statement
from pipelines.config import RunConfig
from pipelines.preview.page import render_page
from pipelines.preview.page_data import collect_content
from pipelines.preview.rehearse import find_log, rehearse
from pipelines.release.subjects import normalise_user_id
from transforms.object_store.atomic_files import replace_file


def write_preview(arguments: argparse.Namespace, user: str | None, config: RunConfig) -> dict[str, int]:
    """Write the page of one session, readable by its owner alone, and return the numbers of what it shows."""
    if user is not None:
        user = normalise_user_id(user, "--user", fold_case=config.ingest.fold_user_case)
    log = find_log(arguments.log, arguments.format, user)
    rehearsal = rehearse(log, arguments.session, user, config, arguments.keys)
    content = collect_content(rehearsal, config.redact.score_threshold)
    page = render_page({**content, "statement": profile_statement(config.noise)})
    with replace_file(arguments.page) as file:
        file.write(page)
    return {name: content["total"][name] for name in ("events", "rows", "moments")} | {"bytes": len(page)}
