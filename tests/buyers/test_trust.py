"""Trust is computed at the moment of asking: state, end, screening and scope."""

import pytest

from buyers import selectors
from tests.factories import buyers as make

pytestmark = pytest.mark.django_db


def test_smoke(now, tmp_path):
    buyer = make.trusted_buyer(now, tmp_path)
    assert list(selectors.trusted(now)) == [buyer]
    need = make.need_at("POSTED", buyer, now=now)
    assert list(selectors.posted_needs(now)) == [need]
