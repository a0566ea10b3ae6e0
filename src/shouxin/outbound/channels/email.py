"""E-mail by SMTP (RFC 5321), with STARTTLS (RFC 3207) whenever the server offers it.

The steps are taken one by one, because the answer to "may bytes have left?" changes in the
middle: before the text is sent a broken line means that nothing left, afterwards nobody knows.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from shouxin.core.privacy.party import MAIL_CARRIER
from shouxin.outbound.handed import MayHaveLeft, NotTaken
from shouxin.outbound.letter import Letter

_FORM = SMTP.clone(cte_type="7bit", utf8=True)
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x1f]{1,255}")
_READY, _DONE, _GO_ON, _PERMANENT = 220, 250, 354, 500


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """A relay that takes our mail, at a host and port, or at a Unix socket: then `host` is its path.

    `sender` is the envelope's and the letter's From. With `require_tls` a server that offers no
    STARTTLS gets nothing; a certificate that doesn't verify is never accepted.
    """

    host: str
    port: int
    sender: str
    require_tls: bool = False
    timeout_seconds: int = 20
    channel: str = "email"
    party: str = MAIL_CARRIER

    def send(self, letter: Letter) -> int:
        """Hand one letter over; gives its size in bytes. Raises `NotTaken` or `MayHaveLeft`."""
        data = self._bytes(letter)
        line = _Line(timeout=self.timeout_seconds)
        try:
            self._greet(line)
            self._address(line, letter.to)
            _hand_over(line, data)
        except smtplib.SMTPResponseException as error:
            raise _not_taken(error.smtp_code) from None
        except ssl.SSLError:
            raise NotTaken("tls", permanent=False) from None
        except (smtplib.SMTPException, OSError):
            raise NotTaken("no_connection", permanent=False) from None
        finally:
            line.close()
        return len(data)

    def _bytes(self, letter: Letter) -> bytes:
        if not _ADDRESS.fullmatch(letter.to):
            raise NotTaken("bad_address", permanent=True)
        mail = EmailMessage(policy=_FORM)
        mail["From"] = self.sender
        mail["To"] = letter.to
        mail["Subject"] = letter.subject
        mail["Message-ID"] = letter.message_id
        mail["Date"] = letter.at
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.body)
        return mail.as_bytes(policy=_FORM.clone(utf8=_needs_utf8(letter.to, self.sender)))

    def _greet(self, line: smtplib.SMTP) -> None:
        _expect(_READY, line.connect(self.host, self.port)[0])
        line.ehlo_or_helo_if_needed()
        if line.has_extn("starttls"):
            line.starttls(context=ssl.create_default_context())
            line.ehlo_or_helo_if_needed()
        elif self.require_tls:
            raise NotTaken("no_tls", permanent=False)

    def _address(self, line: smtplib.SMTP, to: str) -> None:
        options: tuple[str, ...] = ()
        if _needs_utf8(to, self.sender):
            if not line.has_extn("smtputf8"):
                raise NotTaken("no_smtputf8", permanent=True)
            options = ("SMTPUTF8",)
        _expect(_DONE, line.mail(self.sender, options)[0])
        _expect(_DONE, line.rcpt(to)[0])


class _Line(smtplib.LMTP):
    """Plain SMTP with that class's way of connecting, which knows Unix sockets."""

    ehlo_msg = "ehlo"


def _hand_over(line: smtplib.SMTP, data: bytes) -> None:
    """From the first byte of the text on, only the server's own no means that nothing left."""
    _expect(_GO_ON, line.docmd("DATA")[0])
    try:
        line.send(re.sub(rb"(?m)^\.", b"..", data) + b".\r\n")
        code = line.getreply()[0]
    except (smtplib.SMTPException, OSError):
        raise MayHaveLeft from None
    _expect(_DONE, code)


def _expect(wanted: int, code: int) -> None:
    if code != wanted:
        raise _not_taken(code)


def _not_taken(code: int) -> NotTaken:
    return NotTaken(f"smtp_{code}", permanent=code >= _PERMANENT)


def _needs_utf8(*addresses: str) -> bool:
    return not all(address.isascii() for address in addresses)
