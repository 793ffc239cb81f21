"""From a fresh clone in a clean root: `make run` comes up, `make story` and the tests pass, the image's steps work."""

from __future__ import annotations

import re
import urllib.request

import pytest

from tests.proofs import cleanroot, figures

pytestmark = [pytest.mark.prove, pytest.mark.timeout(2400)]


@pytest.fixture(scope="module", autouse=True)
def fresh_clone() -> None:
    cleanroot.clone()


def test_make_run_prints_one_address_that_answers() -> None:
    process = cleanroot.start("make run")
    assert process.stdout is not None
    seen: list[str] = []
    try:
        for line in process.stdout:
            seen.append(line)
            address = re.search(r"http://127\.0\.0\.1:\d+\S*", line)
            if address:
                with urllib.request.urlopen(address.group(), timeout=20) as page:
                    assert page.status == 200
                    assert "Emulator" in page.read().decode()
                figures.note("make run in a clean root", f"answers at {address.group()}")
                return
        pytest.fail("make run ended without printing an address:\n" + "".join(seen[-40:]))
    finally:
        process.kill()
        process.communicate()


def test_make_story_passes() -> None:
    output = cleanroot.run("make story", timeout=1200)
    figures.note("make story in a clean root", output.strip().splitlines()[-1])


def test_ci_passes() -> None:
    cleanroot.run("bash .ci/run", timeout=2000)
    figures.note(".ci/run in a clean root", "passes as an ordinary user")
