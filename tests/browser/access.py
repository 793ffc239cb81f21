"""What every screen of the app has to be: accessible, and no wider than the phone."""

from __future__ import annotations

from typing import Any

from tests.browser.chromium import ROOT
from tests.browser.phone import SMALL, Phone

AXE = (ROOT / "webapp" / "node_modules" / "axe-core" / "axe.min.js").read_text()


def faults_of(phone: Phone) -> list[str]:
    """What axe-core finds wrong with the screen as it stands."""
    # Through the debugger, which the page's policy does not bind.
    found: dict[str, Any] = phone.page.evaluate(f"{AXE}; axe.run(document)")
    assert found["passes"], "axe looked at nothing"
    return [f"{v['id']}: {v['nodes'][0]['target']} {v['help']}" for v in found["violations"]]


def checked(phone: Phone, screen: str) -> None:
    """On that screen: accessible, nothing wider than the phone, no text id left untranslated."""
    phone.at(screen)
    faults = faults_of(phone)
    assert faults == [], screen
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], screen
    small = phone.page.evaluate(
        """() => [...document.querySelectorAll('button, .file')]
            .map((b) => [b.innerText || b.ariaLabel, b.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name)"""
    )
    assert small == [], screen
