import os
import shutil
import sys

import pytest

from vectors.fields import VECTORS

sys.path.insert(0, str(VECTORS))


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        if os.environ.get("COGNITO_SRP_REQUIRE_ALL"):
            pytest.fail("node is missing")
        pytest.skip("node is missing")
    return found
