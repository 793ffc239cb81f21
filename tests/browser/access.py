"""What every screen of the app has to be: read and touched by anybody, on a small phone, in either direction."""

from __future__ import annotations

from typing import Any

from tests.browser.chromium import ROOT
from tests.browser.phone import Phone

AXE = (ROOT / "webapp" / "node_modules" / "axe-core" / "axe.min.js").read_text()
RIGHT_TO_LEFT = ["fa-AF", "ps-AF"]

#: What is seen of the page, as faults: cut, beyond the edge, too small to touch, unmirrored, moving, or unworded.
LOOK = r"""(rightToLeft) => {
  const html = document.documentElement, width = html.clientWidth, faults = [];
  const rtl = rightToLeft.includes(html.lang);
  const need = (holds, fault, element) =>
    holds || faults.push(fault + (element ? `: ${element.className} «${element.textContent.slice(0, 40)}»` : ''));
  const all = (selector) => [...document.querySelectorAll(selector)];
  const middle = (element) => {
    const { left, right } = element.getBoundingClientRect();
    return (left + right) / 2;
  };
  need((html.dir || 'ltr') === (rtl ? 'rtl' : 'ltr'), `dir is ${html.dir}`);
  need(html.scrollWidth <= width, `the page is ${html.scrollWidth} wide`);
  need(document.getAnimations().length === 0, 'something moves');

  for (const element of all('body *')) {
    const { display } = getComputedStyle(element), box = element.getBoundingClientRect();
    if (element.closest('.hidden') || box.width === 0) continue;
    need(box.left >= -0.5 && box.right <= width + 0.5, 'beyond the edge', element);
    if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    need(!/^[a-z]+(-[a-z]+)+$/.test(element.textContent.trim()), 'without words', element);
    // What one types into may be scrolled.
    if (display === 'inline' || element.tagName === 'TEXTAREA') continue;
    need(element.scrollWidth <= element.clientWidth + 1, 'cut at the side', element);
    need(element.scrollHeight <= element.clientHeight + 6, 'cut below', element);
  }
  for (const touched of all('button, .file, input:not(.file input), textarea')) {
    const { height, width } = touched.getBoundingClientRect();
    need(height >= 44 && width >= 44, 'too small to touch', touched);
  }
  for (const back of all('header .turns')) {
    need(middle(back) > width / 2 === rtl, 'the way back is on the other side');
    need((getComputedStyle(back.firstChild).transform !== 'none') === rtl, 'the way back points the other way');
  }
  for (const say of all('.say'))
    need(middle(say.firstChild) > middle(say.lastChild) === rtl, 'its icon is on the other side', say);
  return faults;
}"""


def faults_of(phone: Phone) -> list[str]:
    """What is wrong with the screen as it stands: what is seen of it, and what axe-core finds."""
    seen: list[str] = phone.page.evaluate(LOOK, RIGHT_TO_LEFT)
    # Through the debugger, which the page's policy does not bind.
    found: dict[str, Any] = phone.page.evaluate(f"{AXE}; axe.run(document)")
    assert found["passes"], "axe looked at nothing"
    return seen + [f"{v['id']}: {v['nodes'][0]['target']} {v['help']}" for v in found["violations"]]


def checked(phone: Phone, screen: str) -> None:
    """Nothing is wrong with that screen."""
    phone.at(screen)
    faults = faults_of(phone)
    assert faults == [], f"{screen}: {faults}"
