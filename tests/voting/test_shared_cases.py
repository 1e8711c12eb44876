from pathlib import Path

import msgspec
import pytest

from tests.voting.meetings import as_bytes, load, shared_cases
from voting.case_reading import read_case
from voting.deciding import decide


@pytest.mark.parametrize("path", shared_cases(), ids=lambda path: path.stem)
def test_a_shared_case_has_the_outcome_it_expects(path: Path) -> None:
    held = load(path)
    for data in (path.read_bytes(), as_bytes(held["case"])):
        assert msgspec.json.decode(msgspec.json.encode(decide(read_case(data)))) == held["expect"]
