"""Text messages by HTTP: one POST of JSON to a gateway for each message, and no redirect followed.

The gateway answers 2xx once it has the message. Any other answer means that it has not; a line that breaks after the
request was sent means that nobody knows.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from shouxin.core.privacy.party import TEXT_CARRIER
from shouxin.outbound.handed import MayHaveLeft, NotTaken
from shouxin.outbound.letter import Letter

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_LATER = frozenset({408, 425, 429})
"""Client errors that say "not now"; every other 4xx is for good."""


class GatewayError(ValueError):
    """The gateway's address would carry numbers in the clear, or is no address."""


@dataclass(frozen=True, slots=True)
class HttpSms:
    """A gateway at `url`, which knows us as `sender`. Outside this machine it must be `https`.

    What is posted: `{"to", "text", "ref", "sender"}`; `ref` is the letter's message id, by which the gateway tells a
    second copy from a second message.
    """

    url: str
    sender: str
    timeout_seconds: int = 10
    channel: str = "sms"
    party: str = TEXT_CARRIER

    def __post_init__(self) -> None:
        """A number leaves encrypted, or not at all."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
            raise GatewayError("a gateway's address is https://…, or http:// on this very machine")

    def send(self, letter: Letter) -> int:
        """Hand one message over; gives its size in bytes. Raises `NotTaken` or `MayHaveLeft`."""
        posted = {"to": letter.to, "text": letter.body.strip(), "ref": letter.message_id, "sender": self.sender}
        data = json.dumps(posted, ensure_ascii=False).encode()
        status = self._post(data)
        if status >= 300:
            permanent = 400 <= status < 500 and status not in _LATER
            raise NotTaken(f"http_{status}", permanent=permanent)
        return len(data)

    def _post(self, data: bytes) -> int:
        """The status of the answer; its text is not read, since it may name a person."""
        client = httpx.Client(timeout=self.timeout_seconds, trust_env=False, follow_redirects=False)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        try:
            with client, client.stream("POST", self.url, content=data, headers=headers) as answer:
                return answer.status_code
        except _NOT_SENT:
            raise NotTaken("no_connection", permanent=False) from None
        except httpx.HTTPError:
            raise MayHaveLeft from None
