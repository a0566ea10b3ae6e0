"""The page that lists every rule with its source: `docs/reference/rules.md`.

`python -m shouxin.policy.rules_page` prints it; a test holds the committed page to the packs.
"""

import sys
from collections.abc import Iterator

from shouxin.core.rules.pack import Pack
from shouxin.core.rules.rule import Param, Rule
from shouxin.policy import folder
from shouxin.policy.load import Policy, load
from shouxin.policy.say import say

_LANG = "en"
_HEAD = """# The rules

Written by `python -m shouxin.policy.rules_page` from `src/shouxin/policy`; don't edit it here.

Each rule in our own words, not legal advice. *Force* says how binding its source is: a recommended standard and
self-regulation are not law, and a house policy is only the lender's own. *Seen* says what was read; where it was not
the text itself, the line below names the part that nobody here has read. A rule that is not marked *for information*
either decides something or is cited by a purpose, field or notice.
"""


def page(policy: Policy) -> str:
    """The whole page as Markdown, in English, ending with a line feed."""
    lines = [line for pack in policy.packs for line in _pack(policy, pack)]
    return "\n".join([_HEAD, *lines])


def _pack(policy: Policy, pack: Pack) -> Iterator[str]:
    yield f"## Pack `{pack.name}`, version {pack.version}"
    for rule in pack.rules:
        yield ""
        yield from _rule(policy, rule)
    yield ""


def _rule(policy: Policy, rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}: {rule.title[_LANG]}"
    yield ""
    yield f"{rule.title['zh']}。{rule.sentence['zh']}"
    yield ""
    yield rule.sentence[_LANG]
    yield ""
    yield f"- Source: {rule.citation[_LANG]}"
    force, whom = say(policy, _LANG, f"force.{rule.force}"), ", ".join(rule.applies_to)
    yield f"- Force: {force}; in force {_dates(rule)}; for {whom}"
    yield f"- Seen: {say(policy, _LANG, f'status.{rule.status}')}; confidence {rule.confidence.replace('_', ' ')}"
    if rule.unseen:
        yield f"- Not seen: {rule.unseen[_LANG]}"
    if rule.needs_legal_check:
        yield "- To be checked by a lawyer before it is shown as law"
    yield f"- Use: {_use(rule)}"


def _dates(rule: Rule) -> str:
    unknown = "while this policy is used" if rule.force == "house_policy" else "from a day that was not found"
    begun = f"from {rule.effective_from}" if rule.effective_from else unknown
    return f"{begun} to {rule.effective_to}" if rule.effective_to else begun


def _use(rule: Rule) -> str:
    words = "for information" if rule.informative else f"check `{rule.check}`" if rule.check else "cited"
    off = "" if rule.default_enabled else ", off by default"
    return words + off + "".join(f"; `{name}` = {_value(value)}" for name, value in rule.params.items())


def _value(value: Param) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    sys.stdout.write(page(load(folder())))
