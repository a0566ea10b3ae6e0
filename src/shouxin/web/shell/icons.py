"""Icons: paths on a field of 24 by 24, drawn by the sheet's classes; and the marks of the four verbs, told apart by
shape before colour.  Words always stand beside.

They are made here and not in templates of their own, because a page shows dozens and each would be rendered anew.
"""

from collections.abc import Mapping
from html import escape

from django.utils.safestring import SafeString

DRAWINGS: Mapping[str, str] = {
    "home": '<path d="M3.5 11 12 3.5l8.5 7.5M5.5 9.5V20h4.5v-6h4v6h4.5V9.5"/>',
    "bill": '<path d="M5 3h14v18l-2.3-1.6L14.3 21 12 19.4 9.7 21l-2.4-1.6L5 21zM9 8h6M9 12h6"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "chat": '<path d="M3.5 4.5h17v12h-9L7 20.5v-4H3.5z"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "check-circle": '<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.8L16 9.6"/>',
    "cross": '<path d="M6 6l12 12M18 6 6 18"/>',
    "dash": '<path d="M6 12h12"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.2l3.4 2"/>',
    "stop": '<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>',
    "pause": '<circle cx="12" cy="12" r="9"/><path d="M10 9v6M14 9v6"/>',
    "record": '<path d="M5 3h14v18l-2.3-1.6L14.3 21 12 19.4 9.7 21l-2.4-1.6L5 21zM9 8h6M9 12h6M9 16h3"/>',
    "unlock": '<rect x="4.5" y="10.5" width="15" height="10.5" rx="1.5"/><path d="M8 10.5V7.3a4 4 0 0 1 7.7-1.5M12 14.5v2.5"/>',
    "lock": '<rect x="4.5" y="10.5" width="15" height="10.5" rx="1.5"/><path d="M8 10.5V7a4 4 0 0 1 8 0v3.5"/>',
    "phone-check": '<rect x="6" y="2.5" width="12" height="19" rx="2"/><path class="s-proof" d="m9 11 2.3 2.4L15 9.5"/><path d="M10.5 18.5h3"/>',
    "phone": '<path d="M6 3.5h3l1.8 4.5-2.3 1.6a11 11 0 0 0 5.9 5.9l1.6-2.3 4.5 1.8v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4 5.7a2 2 0 0 1 2-2.2z"/>',
    "device": '<rect x="6" y="2.5" width="12" height="19" rx="2"/><path d="M10.5 18.5h3"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.6a6.5 6.5 0 0 1 3.5 5.4"/>',
    "file": '<path d="M6 2.5h8L19 8v13.5H6zM13.5 2.5V8.5H19"/>',
    "download": '<path d="M12 3.5v11M7.5 10.5 12 15l4.5-4.5M4 20.5h16"/>',
    "send": '<circle cx="12" cy="12" r="9"/><path d="M8 12h8M12.5 8.5 16 12l-3.5 3.5"/>',
    "rule": '<path d="M12 4v16M7 20.5h10M5 7h14M5 7l-2.5 6a2.8 2.8 0 0 0 5 0zM19 7l-2.5 6a2.8 2.8 0 0 0 5 0z"/>',
    "log": '<path d="M4 6h16M4 12h16M4 18h10"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "warning": '<path d="M12 3.5 2.5 20h19zM12 10v4.5M12 17.3v.2"/>',
    "money": '<circle cx="12" cy="12" r="9"/><path d="m8.5 7 3.5 5 3.5-5M12 12v5.5M9 12.5h6M9 15h6"/>',
}
INFORMATION = '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.2"/>'
"""What an icon without a drawing of its own is."""
MARKS: Mapping[str, str] = {
    "held": '<rect class="f-none" x="3" y="3" width="12" height="12" rx="1" stroke="currentColor" stroke-width="2"/>',
    "used": '<circle cx="9" cy="9" r="5.5" fill="currentColor"/>',
    "left": '<circle cx="9" cy="9" r="8" fill="currentColor"/><path class="f-none s-surface" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round" d="M5 9h7.5M9.5 5.5 13 9l-3.5 3.5"/>',
    "refused": '<g class="f-none" stroke="currentColor" stroke-width="2" stroke-linecap="round">'
    '<circle cx="9" cy="9" r="7"/><path d="M5.8 9h6.4"/></g>',
}
_UNSEEN = 'aria-hidden="true" focusable="false"'


def icon(name: str, *, tone: str, big: bool) -> SafeString:
    """The icon of this name, in the colour of the class `tone` (empty: of the text), as large as a heading if `big`."""
    css = " ".join(filter(None, ("icon", "big" if big else "", tone)))
    inside = DRAWINGS.get(name, INFORMATION)
    return SafeString(
        f'<svg class="{escape(css)}" viewBox="0 0 24 24" width="24" height="24" {_UNSEEN}>{inside}</svg>\n'
    )


def mark(verb: str) -> SafeString:
    """The mark of one of the four verbs."""
    return SafeString(f'<svg class="mark mark-{verb}" viewBox="0 0 18 18" {_UNSEEN}>{MARKS[verb]}</svg>\n')
