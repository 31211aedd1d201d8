"""Repositories and their owners, in addresses, commands and titles; pages of a forge itself stay."""

import pytest

from schemas.entities import EntityType
from transforms.redact.detect.business.repositories import find_headers, find_repositories


def found(line: str, *, title: bool = False) -> list[str]:
    signs = {EntityType.REPOSITORY: "", EntityType.ORGANISATION: "@"}
    return [signs[entity] + line[start:end] for start, end, entity, _ in find_repositories(line, title=title)]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("https://github.com/acme/secret-repo/pull/3", ["@acme", "secret-repo"]),
        ("github.com/acme/secret-repo.", ["@acme", "secret-repo"]),
        ("https://api.github.com/repos/acme/rocket/issues", ["@acme", "rocket"]),
        ("https://github.com/orgs/acme", ["@acme"]),
        ("https://github.com/acme", ["@acme"]),
        ("git clone git@github.com:acme/secret-repo.git", ["@acme", "secret-repo"]),
        ("git clone git@vcs.acme.example:a/b/rocket.git", ["@a", "@b", "rocket"]),
        ("ssh://git@git.acme.example:2222/scm/core/rocket.git", ["@core", "rocket"]),
        ("https://x:token@git.acme.example/core/rocket", ["@core", "rocket"]),
        ("https://vcs.acme.example/core/rocket.git", ["@core", "rocket"]),
        ("https://gitlab.com/acme/group/rocket/-/issues/3", ["@acme", "@group", "rocket"]),
        ("https://gitlab.acme.example/core/rocket/merge_requests/3", ["@core", "rocket"]),
        ("https://bitbucket.org/acme/rocket/src/main/README.md", ["@acme", "rocket"]),
        ("https://bitbucket.acme.example/projects/CORE/repos/rocket/browse", ["@CORE", "rocket"]),
        ("https://dev.azure.com/acme/Payments/_git/rocket", ["@acme", "@Payments", "rocket"]),
        ("https://acme.github.io/rocket/docs", ["@acme", "rocket"]),
        ("https://acme.github.io", ["@acme"]),
        ("ghcr.io/acme/rocket:v1", ["@acme", "rocket"]),
        ("gh repo clone acme/rocket", ["@acme", "rocket"]),
        ("gh pr list --repo acme/rocket", ["@acme", "rocket"]),
        ("closes acme/rocket#12", ["@acme", "rocket"]),
        ("Cloning into 'rocket'...", ["rocket"]),
    ],
)
def test_names_are_found(line: str, names: list[str]) -> None:
    assert found(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "https://github.com/features/actions",
        "https://github.com/settings",
        "https://docs.github.com/en/actions",
        "https://www.githubstatus.com/history",
        "npm i @types/node; src/app/main.py; and/or; TCP/IP; 3/4",
        "git checkout feature/totals",
        "https://example.org/a/b.html",
        "Cloned into 'rocket'",
    ],
)
def test_pages_and_paths_stay(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("acme/secret-repo: what it does - Google Chrome", ["@acme", "secret-repo"]),
        ("Issues \u00b7 acme/secret-repo \u00b7 GitHub", ["@acme", "secret-repo"]),
        ("Totals by anna \u00b7 Pull Request #12 \u00b7 acme/rocket", ["@acme", "rocket"]),
        ("main.py - rocket - Visual Studio Code", ["rocket"]),
        ("rocket - Visual Studio Code", ["rocket"]),
        ("README.md \u2014 rocket [SSH: box] \u2014 Cursor", ["rocket"]),
        ("main.py - Visual Studio Code", []),
        ("main.py - Code - OSS", []),  # the name of the program has a line between its parts
        ("main.py - rocket - Code - OSS", ["rocket"]),
        ("main.py - rocket.js - Cursor", ["rocket.js"]),
        ("and/or", []),
        ("TCP/IP: an overview", []),
        ("qorvexa/website", ["@qorvexa", "website"]),
        ("crew/website: its pages \u00b7 GitHub", ["@crew", "website"]),
        ("index.ts \u2014 acme-labs/timer", ["@acme-labs", "timer"]),
        ("src/main.py - Vim", []),
        ("Inbox - Mail", []),
    ],
)
def test_titles_of_forges_and_editors_name_them(title: str, names: list[str]) -> None:
    assert found(title, title=True) == names
    assert found(title) == []


@pytest.mark.parametrize(
    ("user", "password", "names"),
    [
        (100, 300, ["@acme", "rocket"]),
        (101, 300, []),
        (100, 301, []),
    ],
)
def test_credentials_of_an_address_have_a_longest_length(user: int, password: int, names: list[str]) -> None:
    assert found(f"{'u' * user}:{'p' * password}@github.com/acme/rocket") == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("acme-two / rocket", ["@acme-two", "rocket"]),
        ("acme-two/rocket", ["@acme-two", "rocket"]),
        ("qorvexa / website \u00b7 GitHub", ["@qorvexa", "website"]),
        ("qorvexa/website |.", ["@qorvexa", "website"]),
        ("qorvexa / website and more", []),
        ("at qorvexa / website", []),
        ("and/or", []),
        ("src/main-page", []),
        ("acme-two/main.py", []),
        ("acme-two / rocket / api", []),
        ("Engineering / Review of Plans", []),
        (f"{'a-' * 20}/rocket", ["@" + "a-" * 20, "rocket"]),
        (f"{'a-' * 20}a/rocket", []),
    ],
)
def test_a_page_of_a_forge_names_its_repository_in_a_line_of_its_own(line: str, names: list[str]) -> None:
    signs = {EntityType.REPOSITORY: "", EntityType.ORGANISATION: "@"}
    for page, expected in (
        (f"{line}\nPull requests 3", names),
        (f"Merge request\n{line}", names),
        (line + "\nPlans", None),
    ):
        spans = find_headers(page)
        forge = expected is not None or "GitHub" in page
        assert [signs[entity] + page[start:end] for start, end, entity, _ in spans] == (names if forge else [])
