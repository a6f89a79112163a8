"""Rule L15: nothing about fewer than five people is told, nor follows from what is told."""

from fractions import Fraction
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from niwari.ledger.reports.suppression import LEAST, Line, hidden_cells

WHOLE = ("all",)


def table(counts):
    """Return the people of a table's cells with its margins, as if nobody were in two; its lines."""
    rows, columns = range(len(counts)), range(len(counts[0]))
    people = {("cell", r, c): counts[r][c] for r, c in product(rows, columns)}
    lines = []
    for r in rows:
        lines.append(Line(("row", r), tuple(("cell", r, c) for c in columns)))
    for c in columns:
        lines.append(Line(("column", c), tuple(("cell", r, c) for r in rows)))
    lines.append(Line(WHOLE, tuple(("row", r) for r in rows)))
    lines.append(Line(WHOLE, tuple(("column", c) for c in columns)))
    for line in lines:
        people[line.total] = sum(people[part] for part in line.parts)
    return people, lines


def following(hidden, lines):
    """Return the hidden cells whose numbers follow from the shown ones: by fractions, not as we do."""
    unknown = sorted(hidden, key=repr)
    rows = [
        [Fraction((key in line.parts) - (key == line.total)) for key in unknown] for line in lines
    ]
    done = 0
    for place in range(len(unknown)):
        pivot = next((i for i in range(done, len(rows)) if rows[i][place]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [value / rows[done][place] for value in rows[done]]
        for i, row in enumerate(rows):
            if i != done and row[place]:
                rows[i] = [a - row[place] * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    alone = [[place for place, value in enumerate(row) if value] for row in rows]
    return {unknown[places[0]] for places in alone if len(places) == 1}


def check(people, lines, hidden):
    """Nobody can work out a number about one to four people, nor the rest of a line about so few."""
    small = {key for key, count in people.items() if 0 < count < LEAST}
    assert small <= hidden
    assert small.isdisjoint(following(hidden, lines))
    for line in lines:
        rest = [people[part] for part in line.parts if part in hidden]
        if line.total not in hidden and any(rest):
            assert sum(rest) >= LEAST


def test_enough_people_everywhere_hides_nothing():
    people, lines = table([[9, 8], [7, 6]])
    assert hidden_cells(people, lines) == frozenset()


def test_a_row_a_column_and_the_totals_give_nothing_away():
    """One small cell takes another of its row, of its column, and one where these cross."""
    people, lines = table([[3, 20, 30], [40, 50, 60], [70, 80, 90]])
    hidden = hidden_cells(people, lines)
    check(people, lines, hidden)
    assert ("cell", 0, 0) in hidden
    assert len(hidden) == 4
    assert WHOLE not in hidden


def test_two_small_ones_of_a_row_are_not_told_together():
    """Each is hidden by the other, but their sum would be that of four people."""
    people, lines = table([[2, 2, 50], [60, 70, 80]])
    hidden = hidden_cells(people, lines)
    check(people, lines, hidden)
    row = [people["cell", 0, c] for c in range(3) if ("cell", 0, c) in hidden]
    assert ("row", 0) in hidden or sum(row) >= LEAST


def test_a_small_town_of_one_class_hides_its_totals_too():
    people, lines = table([[3, 0], [0, 0]])
    assert hidden_cells(people, lines) == {("cell", 0, 0), ("row", 0), ("column", 0), WHOLE}


def test_a_number_that_stands_in_no_table_is_guarded_as_well():
    """Seven people, five of them after the fact: the other two follow from both, so one of them goes."""
    people = {"all": 7, "after": 5, "rest": 2}
    lines = [Line("all", ("after", "rest"))]
    hidden = hidden_cells(people, lines, unshown=["rest"], kept=["all"])
    assert hidden == {"rest", "after"}


def test_what_other_reports_show_stays_if_anything_else_can_be_hidden():
    people, lines = table([[3, 20], [40, 50]])
    kept = [WHOLE, ("column", 0), ("column", 1)]
    hidden = hidden_cells(people, lines, kept=kept)
    check(people, lines, hidden)
    assert hidden.isdisjoint(kept)


def test_an_own_sum_beside_the_table_is_a_line_like_the_others():
    """Two classes of one legal basis: the basis shown, one class hidden alone, gives it away."""
    people = {"basis": 43, "small": 3, "large": 40}
    hidden = hidden_cells(people, [Line("basis", ("small", "large"))])
    assert hidden == {"small", "large"}


COUNTS = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 4, 5, 9, 60]), min_size=columns, max_size=columns),
        min_size=1,
        max_size=5,
    )
)


@given(COUNTS)
@settings(max_examples=60, deadline=None)
def test_no_table_can_be_worked_out(counts):
    people, lines = table(counts)
    check(people, lines, hidden_cells(people, lines))


def test_a_village_where_nearly_all_are_few_is_done_at_once():
    """Ten classes by twelve months with mostly small numbers: hidden well, and still found."""
    random = Random(5)
    counts = [[random.choice([0, 1, 2, 3, 4, 6, 12]) for _ in range(12)] for _ in range(10)]
    people, lines = table(counts)
    check(people, lines, hidden_cells(people, lines))
