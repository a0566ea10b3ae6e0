"""Builds one lender: makes a new one in a data directory, or opens what stands there.

One process may open one lender after another; the databases of the one before are closed.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from shouxin import policy as shipped
from shouxin.adapters.chance import SystemChance
from shouxin.adapters.clock import SystemClock
from shouxin.adapters.ids import Uuid7
from shouxin.core.privacy.party import MAIL_CARRIER, PAYING_BANK, PAYMENT_GATEWAY, TEXT_CARRIER
from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.letter import Road
from shouxin.outbound.payment import Gateway
from shouxin.policy.load import Policy, PolicyError
from shouxin.policy.load import load as load_policy
from shouxin.policy.partners import standard_terms
from shouxin.site import config as configuration
from shouxin.site import databases, folders, key_file
from shouxin.site.config import Config
from shouxin.usecases.lender import BadInput, CannotNow, Chance, Clock, Lender, Settings

if TYPE_CHECKING:
    from shouxin.vault.opening import Vault

POLICY = "policy"


def create_lender(
    data_dir: Path,
    config: Config,
    *,
    clock: Clock | None = None,
    chance: Chance | None = None,
    policy: Path | None = None,
) -> Config:
    """Make a new lender in `data_dir`, which must not exist or be empty.

    Everything is built in a sibling folder that takes its place in one rename at the end: of two that start at once
    one wins, and a crash leaves at most a folder whose name begins with a dot.  `policy` are the files to start from
    (those that are shipped).  Raises `BadInput` when a lender is
    there already.
    """
    configuration.checked(config)
    _refuse_taken(data_dir)
    chance = chance or SystemChance()
    with folders.sibling(data_dir, chance) as folder:
        copy_policy(policy or shipped.folder(), folder / POLICY)
        folders.write_synced(folder / configuration.FILE, configuration.to_toml(config))
        set_up_django()
        databases.point(config.databases, folder)
        with databases.fresh():
            _make_vault(folder, config, clock=clock or SystemClock(), chance=chance)
            key_file.create(folder, chance.token_bytes(key_file.SIZE))
            databases.close()
            _take_place(folder, data_dir)
    return config


def open_lender(
    data_dir: Path,
    *,
    at: datetime | None = None,
    clock: Clock | None = None,
    chance: Chance | None = None,
    mail: Road | None = None,
) -> Lender:
    """The lender that lives in `data_dir`, its clocks standing at `at` if that is given.

    Raises `BadInput` when there is none, `CannotNow` (or the vault's own exception) when it can't be opened: a file is
    missing, cut short or readable by others, or the log is behind its last signed note.  `BadInput` too for an `at`
    that lies too far ahead.
    """
    config = configuration.read(data_dir)
    for database in config.databases.values():
        if database.engine == "sqlite":
            databases.check_file(data_dir / database.name)
    policy = policy_of(data_dir / POLICY)
    set_up_django()
    databases.point(config.databases, data_dir)
    _set_up_pages(config, data_dir)
    clock, chance = clock or SystemClock(), chance or SystemChance()
    lender = Lender(
        vault=open_vault(data_dir, config, policy, clock=clock, chance=chance),
        policy=policy,
        clock=clock,
        present=clock,
        ids=Uuid7(clock=clock, chance=chance),
        chance=chance,
        settings=_settings(data_dir, config, policy),
        mail=mail or _mail(config),
        sms=_sms(config, policy),
        payments=_payments(config, data_dir),
    )
    return lender.told_at(at, where="--at") if at else lender


def check_policy(policy: Policy) -> None:
    """See whether a policy that was read could be lived by: what only its engine can tell.  Raises `PolicyError`."""
    set_up_django()
    from shouxin.vault import opening

    opening.check_policy(policy)


def set_up_django() -> None:
    """Set Django up, once for the process; its databases have no names before a lender is opened."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shouxin.site.settings"
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def policy_of(folder: Path) -> Policy:
    """The policy that lies in a folder. Raises `CannotNow`."""
    try:
        return load_policy(folder)
    except PolicyError as error:
        raise CannotNow(str(error), where=POLICY, code="policy") from None


def _make_vault(folder: Path, config: Config, *, clock: Clock, chance: Chance) -> None:
    from shouxin.vault import opening

    ids = Uuid7(clock=clock, chance=chance)
    policy = policy_of(folder / POLICY)
    roots = configuration.roots(folder)
    vault = opening.create(folder, policy, clock=clock, ids=ids, chance=chance, origin=config.origin, roots=roots)
    for party in _named_in(config):
        vault.engage(party, terms=standard_terms(policy.partners, party))


def _named_in(config: Config) -> tuple[str, ...]:
    """The parties that a new lender works with: who pays its loans out, and whom its configuration hands things to."""
    roads = ((config.smtp, MAIL_CARRIER), (config.sms, TEXT_CARRIER), (config.payments, PAYMENT_GATEWAY))
    return (PAYING_BANK, *(party for address, party in roads if address))


def open_vault(data_dir: Path, config: Config, policy: Policy, *, clock: Clock, chance: Chance) -> Vault:
    """The vault alone, of databases that `databases.point` was told of. Raises a `VaultStoppedError`."""
    from shouxin.vault import opening

    ids = Uuid7(clock=clock, chance=chance)
    roots = configuration.roots(data_dir)
    return opening.open_vault(data_dir, policy, clock=clock, ids=ids, chance=chance, origin=config.origin, roots=roots)


def _settings(data_dir: Path, config: Config, policy: Policy) -> Settings:
    return Settings(
        data_dir=data_dir,
        origin=config.origin,
        name=policy.house.name,
        zone=ZoneInfo(policy.house.zone),
        mail_from=config.mail_from,
        site=config.url,
    )


def _set_up_pages(config: Config, data_dir: Path) -> None:
    """What Django's pages need of this lender: the key that signs forms, and the name they are asked for by."""
    from django.conf import settings

    settings.SECRET_KEY = key_file.secret(data_dir, "pages").hex()
    host = urlsplit(config.url).hostname
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", *([host] if host else [])]
    secure = config.url.startswith("https://")
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure
    settings.SECURE_HSTS_SECONDS = 31_536_000 if secure else 0
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if secure else None


def _sms(config: Config, policy: Policy) -> Road | None:
    if not config.sms:
        return None
    from shouxin.outbound.channels.sms import HttpSms

    return HttpSms(url=config.sms, sender=policy.house.name["zh"])


def _payments(config: Config, data_dir: Path) -> Gateway | None:
    if not config.payments:
        return None
    from shouxin.outbound.channels.payments import HttpPayments

    return HttpPayments(url=config.payments, secret=key_file.secret(data_dir, "payments"))


def _mail(config: Config) -> Road | None:
    if not config.smtp:
        return None
    host, _, port = config.smtp.rpartition(":")
    return SmtpMail(host=host, port=int(port), sender=config.mail_from)


def _refuse_taken(data_dir: Path) -> None:
    if (data_dir / configuration.FILE).exists():
        raise BadInput("a lender lives here already", where=str(data_dir), code="already_a_lender")
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise BadInput("not an empty directory", where=str(data_dir), code="not_empty")


def _take_place(folder: Path, data_dir: Path) -> None:
    try:
        folders.take_place(folder, data_dir)
    except OSError:
        raise BadInput("a lender lives here already", where=str(data_dir), code="already_a_lender") from None


def copy_policy(source: Path, target: Path) -> None:
    """The policy files of a folder, and nothing else that lies there."""
    for file in shipped.data_files(source):
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / file, target / file)


def default_config(*, chance: Chance, origin: str = "") -> Config:
    """What `init` decides when nothing is said; a log's name is random, because no two logs may share one."""
    return Config(
        origin=origin or f"shouxin.example/{chance.token_bytes(6).hex()}",
        mail_from="service@lender.invalid",
        smtp="",
        databases={alias: configuration.sqlite(alias) for alias in configuration.ALIASES},
    )


def with_databases(config: Config, *, book: str, vault: str) -> Config:
    """The same configuration with PostgreSQL databases by their URLs; an empty one stays embedded."""
    named = dict(config.databases)
    for alias, url in (("default", book), ("vault", vault)):
        if url:
            named[alias] = configuration.from_url(url, where="database" if alias == "default" else "vault database")
    return replace(config, databases=named)
