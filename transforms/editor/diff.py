"""Single edit between two texts."""


def common_ends(before: str, after: str) -> tuple[int, int]:
    """Return the lengths of the start and, in the rest, of the end that two texts share.

    >>> common_ends("Jon Smith", "John Smith")
    (2, 7)
    """
    head = _common_prefix(before, after)
    return head, _common_prefix(before[head:][::-1], after[head:][::-1])


def _common_prefix(left: str, right: str) -> int:
    """Return the length of the common start, by bisection: comparing slices costs less than comparing characters."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
