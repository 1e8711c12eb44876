"""The printed names of people: two of one name are told apart by post, else by staff number. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

_MOST_POST = 40  # characters; a longer post would be a paragraph behind a name


class Called(NamedTuple):
    """Somebody with what tells them from a namesake; `mark` is theirs alone: 工号0103."""

    id: int
    name: str
    post: str
    mark: str


def printed_names(people: Iterable[Called]) -> dict[int, str]:
    """The name of each as lists and papers print it, by id: `王伟（副局长）` where another of these is a 王伟 too.

    Posts tell namesakes apart where each has one and no two are the same; otherwise staff numbers do, which are unique.
    """
    by_name: defaultdict[str, list[Called]] = defaultdict(list)
    for person in people:
        by_name[person.name].append(person)
    return {person.id: _printed(person, namesakes) for namesakes in by_name.values() for person in namesakes}


def _printed(person: Called, namesakes: list[Called]) -> str:
    if len(namesakes) == 1:
        return person.name
    posts = {each.post for each in namesakes}
    if len(posts) == len(namesakes) and all(0 < len(post) <= _MOST_POST for post in posts):
        return f"{person.name}（{person.post}）"
    return f"{person.name}（{person.mark}）"
