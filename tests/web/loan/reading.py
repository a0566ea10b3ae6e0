"""What a page says, as its reader gets it."""

import re
from html import unescape
from html.parser import HTMLParser


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.said, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("svg", "script", "style")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("svg", "script", "style")

    def handle_data(self, data):
        if not self.hidden:
            self.said.append(data)


def text(answer) -> str:
    """The words of a page, without its pictures."""
    parser = _Text()
    parser.feed(answer.content.decode())
    return " ".join(" ".join(parser.said).split())


def heading(answer) -> str:
    """Its one h1."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    assert len(found) == 1, found
    return unescape(" ".join(found[0].split()))


def fields(answer, number: int = 0, action: str = "") -> dict[str, str]:
    """The hidden fields of the page's form `number` among those that post (to `action`)."""
    forms = re.findall(
        r'<form method="post"[^>]*?(?:action="([^"]*)")?[^>]*>(.*?)</form>', answer.content.decode(), re.DOTALL
    )
    bodies = [body for to, body in forms if ("look" not in to and 'name="choice"' in body) or 'name="by"' in body]
    pairs = re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">', bodies[number])
    return {name: unescape(value) for name, value in pairs}
