"""One function renders every sentence, for web, command line and check alike."""

from collections.abc import Mapping
from typing import Protocol

from shouxin.policy.sentences import names_in


class SayError(LookupError):
    """No such language or key, or what is filled in isn't what the sentence names: a mistake in
    code or policy, and never a matter of the person's data.
    """


class Sentences(Protocol):
    """Anything that holds sentences: a `Policy`."""

    @property
    def sentences(self) -> Mapping[str, Mapping[str, str]]:
        """Language → key → text."""


def say(policy: Sentences, lang: str, key: str, **params: str | int) -> str:
    """The sentence `key` in `lang` (`zh`, `en`), with `params` filled in. Raises `SayError`."""
    text = policy.sentences.get(lang, {}).get(key)
    if text is None:
        raise SayError(f"no sentence {key} in {lang}")
    wanted = names_in(text)
    if wanted != params.keys():
        raise SayError(f"{key} in {lang} fills in {', '.join(sorted(wanted)) or 'nothing'}")
    return text.format(**params)
