"""Source code: which texts are code, and which findings in one are no people, user names or places."""

import pytest

from schemas.entities import EntityType, Span
from transforms.redact.detect.names.source_code import drop_identifiers, is_code

PYTHON = """def shade(hue, sys):
    if hue < 1:
        return sys.shade(hue)
    elif hue is None:  # ask hue, says "Hue"
        conn = connect("hue")
    return [conn for conn in Hue(hue)]
"""
RUBY = """class Store
  def initialize(size)
    @size = size
    @names = Names.new(size)
    puts "at #{@size}, by @anna"
  end
end
"""
SCRIPT = """/**
 * @param {Node} node
 * @hue: its shade, by @anna
 * {@link Anna}
 */
function place(node) {
  const at = vec3(0.35458, 0.90834, 0.13383);
  return join(node, [0.35458, 0.90834], at);
}
"""


@pytest.mark.parametrize(
    "statements",
    [
        ["x = f(y)", "return x.y", "else:"],
        ["import os", "from os import path", "class Anna(Base):"],
        ["let x = 1;", "end", "fn f(x: u8) -> u8 {"],
        ["self.x = 1", "@size = 2", "#include <x.h>"],
        ["place(anna)", "anna.place(x)", "}).then("],
        ["public void run(", "module Anna", "if x == y"],
        ["@wraps(f)", "raise Fault(x)", "done"],
    ],
)
def test_three_statements_are_code_unless_more_lines_are_prose(statements: list[str]) -> None:
    prose = ["see you all tomorrow"]
    assert is_code("\n".join(statements))
    assert not is_code("\n".join(statements[1:]))
    assert is_code("\n".join(statements + 3 * prose))
    assert not is_code("\n".join(statements + 4 * prose))


@pytest.mark.parametrize(
    "line",
    [
        "Dear Anna, if you can (today), call me:",
        '{"name": "Anna", "age": 41},',
        "name: Anna Kowalczik",
        "author = Anna Kowalczik",
        'author = "Anna"',
        "# return f(x);",
        '"return f(x);"',
        "// return f(x);",
        "* return f(x);",
        "12:04 Anna: are you there?",
        "| Anna | 41 | Berlin |",
        "for the meeting (tomorrow) with Anna",
        "});",
    ],
)
def test_what_is_no_code(line: str) -> None:
    assert not is_code("\n".join([line] * 4))


def test_only_texts_of_a_bounded_length_are_code() -> None:
    text = "x = f(y);\n" * 6553 + "x = 1;"
    assert len(text) == 1 << 16
    assert is_code(text)
    assert not is_code(text + "\n")


@pytest.mark.parametrize(("blank", "code"), [(291, True), (292, False)])
def test_a_statement_is_told_by_the_first_three_hundred_characters(blank: int, *, code: bool) -> None:
    assert is_code("\n".join(["x = " + "1" * blank + " + f(y)"] * 3)) == code


def find(text: str, value: str, entity: EntityType, score: float = 0.5, number: int = 0) -> bool:
    """Return whether the occurrence ``number`` of ``value`` is still found."""
    start = -1
    for _ in range(number + 1):
        start = text.index(value, start + 1)
    return list(drop_identifiers(text, [Span(start, start + len(value), entity, score)])) != []


@pytest.mark.parametrize(
    ("value", "number", "found"),
    [
        ("hue", 0, False),
        ("elif", 0, False),
        ("sys", 1, False),
        ("conn", 0, False),
        ("hue", 4, True),  # in the comment
        ("Hue", 0, True),  # quoted there
        ("hue", 5, True),  # in a string
        ("Hue", 1, False),  # called
        ("elif hue", 0, False),
        ("shade", 1, False),
    ],
)
def test_a_word_that_code_uses_is_no_person_outside_of_comments_and_strings(
    value: str, number: int, *, found: bool
) -> None:
    assert find(PYTHON, value, EntityType.PERSON, 0.99, number) == found


def test_what_a_directory_holds_is_found_in_code_too() -> None:
    assert find(PYTHON, "hue", EntityType.PERSON, 1.0)
    assert not find(PYTHON, "hue", EntityType.PERSON, 0.999)


def test_a_listed_name_with_a_capital_is_found_unless_it_is_called() -> None:
    code = "x = f(Anna, Zorbl, ANNA)\ny = Anna(x)\nz = f(y)"
    assert find(code, "Anna", EntityType.PERSON)
    assert not find(code, "Zorbl", EntityType.PERSON)
    assert not find(code, "ANNA", EntityType.PERSON)
    assert not find(code, "Anna", EntityType.PERSON, number=1)


@pytest.mark.parametrize(
    "use",
    [
        "{}(x)",
        "{}!(x)",
        "{}.stderr",
        "{}->stderr",
        "{}::stderr",
        "x.{}",
        "{}[0]",
        "f({}, x)",
        "f(x, {})",
        "f(*{})",
        "{} += 1",
        "{} == x",
        "x = {};",
        "f(x={})",
        "for {} in x:",
        "import {}",
        "with f(x) as {}:",
        "let {} = 1",
        "fn {}(x)",
    ],
)
def test_a_word_is_an_identifier_by_its_place(use: str) -> None:
    code = "x = f(y)\ny = f(x)\nz = f(y)\n" + use.format("annot") + "\n  annot"
    assert not find(code, "annot", EntityType.PERSON, number=1)


@pytest.mark.parametrize("use", ["annot", "ask annot now", "annot.anna", "annot.x@y", "@annot", "x-annot"])
def test_other_places_tell_nothing(use: str) -> None:
    code = "x = f(y)\ny = f(x)\nz = f(y)\n" + use + "\n  annot"
    assert find(code, "annot", EntityType.PERSON, number=1)


@pytest.mark.parametrize(
    ("value", "number", "found"),
    [("@size", 0, False), ("size", 1, False), ("@size", 1, False), ("@anna", 0, True), ("anna", 0, True)],
)
def test_variables_and_decorators_are_no_handles(value: str, number: int, *, found: bool) -> None:
    assert find(RUBY, value, EntityType.USERNAME, 0.7, number) == found


def test_a_variable_is_no_mail_address() -> None:
    assert not find(RUBY.replace("@size = size", "@size.key = size"), "@size.key", EntityType.EMAIL_ADDRESS, 0.95)
    assert find(RUBY, "by @anna", EntityType.EMAIL_ADDRESS, 0.95)


@pytest.mark.parametrize(("value", "found"), [("@param", False), ("@hue", False), ("@link", False), ("@anna", True)])
def test_tags_of_comments_are_no_handles(value: str, *, found: bool) -> None:
    assert find(SCRIPT, value, EntityType.USERNAME, 0.7) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("* @param node", False),
        ("    // @param node", False),
        ("{@param node}", False),
        ("@param node", True),
        ("ask @param", True),
        ("* @anna: see this", True),  # no block of comments: an item of a list
        ("* ask @param", True),
        (" " * 77 + "* @param", False),
        (" " * 79 + "* @param", True),
    ],
)
def test_a_tag_stands_at_the_start_of_a_comment_whatever_the_text(line: str, *, found: bool) -> None:
    value = "@anna" if "@anna" in line else "@param"
    assert find(line, value, EntityType.USERNAME, 0.7) == found


@pytest.mark.parametrize(("score", "found"), [(0.45, False), (0.6, True), (0.8, True)])
def test_a_guessed_user_name_that_is_an_identifier_is_dropped(score: float, *, found: bool) -> None:
    code = "with f(x) as fake_jar:\n    y = f(fake_jar)\n    z = f(y)"
    assert find(code, "fake_jar", EntityType.USERNAME, score) == found


def test_a_row_of_three_numbers_is_no_place() -> None:
    assert not find(SCRIPT, "0.35458, 0.90834", EntityType.LOCATION, 0.8)
    assert not find(SCRIPT, "0.90834, 0.13383", EntityType.LOCATION, 0.8)
    assert find(SCRIPT, "0.35458, 0.90834", EntityType.LOCATION, 0.8, number=1)
    assert find("at 0.35458, 0.90834, 0.13383", "0.35458, 0.90834", EntityType.LOCATION, 0.8)


def test_other_findings_are_never_dropped() -> None:
    for entity in (EntityType.SECRET, EntityType.PASSWORD, EntityType.PHONE_NUMBER, EntityType.ADDRESS):
        assert find(PYTHON, "hue", entity)


@pytest.mark.parametrize(
    "begun",
    [
        'by Hue and others\n"""\nx = f(hue)\ny = f(hue)\nz = f(x)\n',
        " * by Hue\n */\nx = f(hue);\ny = f(hue);\nz = f(x);\n",
        "by Hue\n */\nx = f(hue);\ny = f(hue);\nz = f(x);\n",
    ],
)
def test_a_screen_that_begins_in_a_comment_is_read_as_one(begun: str) -> None:
    assert is_code(begun)
    assert find(begun, "Hue", EntityType.PERSON)
    assert not find(begun, "hue", EntityType.PERSON)


def test_a_long_string_that_begins_on_the_screen_is_one() -> None:
    code = 'x = f(hue)\ny = f(hue)\nf(hue)\nz = """\nby hue\n'
    assert is_code(code)
    assert find(code, "hue", EntityType.PERSON, number=3)
