"""People whom Telegram can't reach: what is due goes to their e-mail, if the council wants that."""

import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from bot.dispatching import Dispatcher
from bot.mailing import MailServer, mail_server
from bot.receipts import Failed, Mailed, TryLater, Unsure
from bot.rules.errors import Refusal
from bot.services import casework, reaching
from bot.services.addresses import set_address
from bot.services.deleting import delete_me
from bot.services.office import Office
from bot.settings import BadSettings, Settings, read_settings
from bot.texts.mailing import SUBJECT
from bot.texts.reply import Button, Say
from storage import outbox, people
from storage.database import Database
from tests.conftest import StoppedClock
from tests.people import enrol
from tests.services.test_casework import record
from tests.services.test_dispatching import Telegram, rows
from tests.web.serving import free_port

DOMAINS = ("council.example",)
ADDRESS = "worker.a@council.example"


@dataclass
class Post:
    """Keeps what arrived; answers as it is told to."""

    answers: list[str] = field(default_factory=list)
    letters: list[Any] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.letters.append(message_from_bytes(content, policy=email.policy.default))
        return answer


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post: Post) -> Iterator[MailServer]:
    port = free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    yield MailServer("127.0.0.1", port, "none", "bot@council.example")
    controller.stop()


async def test_a_letter_says_why_it_comes_and_its_subject_names_nothing(
    server: MailServer, post: Post
) -> None:
    words = Say("<b>CP-1042</b>: conference due &amp; overdue", ((Button("Open", "x:1"),),))
    assert await server.send(ADDRESS, words) == Mailed()
    (letter,) = post.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (ADDRESS, "bot@council.example", SUBJECT)
    assert letter.get_content().strip() == "CP-1042: conference due & overdue"
    assert letter["Auto-Submitted"] == "auto-generated"


async def test_the_servers_answers_are_told_by_their_number(server: MailServer, post: Post) -> None:
    post.answers = ["451 try again", "554 never"]
    assert isinstance(await server.send(ADDRESS, Say("a")), TryLater)
    assert isinstance(await server.send(ADDRESS, Say("a")), Failed)
    assert await server.greet() == ""
    nobody = MailServer("127.0.0.1", 9, "none", "bot@council.example")
    assert isinstance(await nobody.send(ADDRESS, Say("a")), TryLater)
    assert await nobody.greet()


async def test_a_connection_that_ends_after_the_letter_leaves_it_in_doubt(
    server: MailServer, post: Post
) -> None:
    async def gone(answering: Any, *_: object) -> str:
        answering.transport.abort()
        return "250 OK"

    post.handle_DATA = gone  # type: ignore[assignment, method-assign]
    assert isinstance(await server.send(ADDRESS, Say("a")), Unsure)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
async def test_a_refused_login_is_tried_again_later() -> None:
    port = free_port()
    controller = Controller(
        Post(),
        hostname="127.0.0.1",
        port=port,
        auth_required=True,
        auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=False, handled=False),
    )
    controller.start()
    try:
        locked = MailServer("127.0.0.1", port, "none", "bot@council.example", "bot", "wrong")
        said = await locked.send(ADDRESS, Say("a"))
        assert isinstance(said, TryLater)
        assert "login" in said.reason
    finally:
        controller.stop()


async def test_who_is_out_of_reach_gets_what_is_due_by_e_mail_and_one_digest_when_back(
    database: Database, office: Office, clock: StoppedClock, server: MailServer, post: Post
) -> None:
    clock.to("2026-11-25T09:00+00:00")
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        for person, reference in ((worker, "CP-1042"), (other, "CP-1043")):
            case = await casework.new_case(session, office, person, reference, clock())
            await record(session, office, person, case, "Wed 2026-11-11 icpc-held", clock())
        await set_address(session, worker, ADDRESS, DOMAINS, clock())
        for person in (worker, other):
            await reaching.lost(session, person.id or 0, clock())
            for kind in ("digest", "request"):
                await outbox.plan(
                    session,
                    person_id=person.id or 0,
                    kind=kind,
                    subject_id=person.id or 0,
                    key=f"{kind} {person.name}",
                    not_before=clock(),
                )
    telegram = Telegram()
    await Dispatcher(database, office, telegram).run(clock, patient=False)
    assert post.letters == [], "no mail where none is set up"
    await Dispatcher(database, office, telegram, mail=server.send).run(clock, patient=False)
    (letter,) = post.letters
    assert "CP-1042" in letter.get_content()
    assert "can't reach you in Telegram" in letter.get_content()
    kept = await rows(database)
    assert (kept["digest Worker A"].state, kept["digest Worker A"].reason) == ("sent", "by e-mail")
    states = [kept[key].state for key in ("request Worker A", "digest Worker B", "request Worker B")]
    assert states == ["planned"] * 3, "what needs an answer, and who has no address, waits"
    clock.forward(minutes=5)
    async with database.transaction() as session:
        back = await people.person_by_id(session, worker.id or 0)
        assert back is not None
        await reaching.back(session, back, clock())
    assert any(key.startswith(f"digest-back:{worker.id}") for key in await rows(database))


async def test_only_the_councils_own_addresses_are_kept_and_they_go_with_the_person(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        for address in ("worker", "a@b@council.example", "a@elsewhere.example", "a@notcouncil.example"):
            with pytest.raises(Refusal):
                await set_address(session, worker, address, DOMAINS, clock())
        await set_address(session, worker, " a@east.council.example ", DOMAINS, clock())
        assert worker.email == "a@east.council.example"
        await delete_me(session, office, worker, clock() + timedelta(days=1))
        assert worker.email == ""


def test_no_mail_without_a_sender_and_the_domains(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mail_server(Settings(_env_file=None)) is None
    monkeypatch.setenv("SMTP_HOST", "mail.council.example")
    with pytest.raises(BadSettings, match="EMAIL_DOMAINS"):
        read_settings()
    monkeypatch.setenv("SMTP_FROM", "bot@council.example")
    monkeypatch.setenv("EMAIL_DOMAINS", "council.example, other.example")
    found = read_settings()
    assert found.email_domains == ("council.example", "other.example")
    assert mail_server(found) == MailServer("mail.council.example", 587, "starttls", "bot@council.example")


@pytest.mark.parametrize(("mails", "says"), [(True, "goes to their e-mail"), (False, "reminders wait")])
async def test_the_manager_is_told_of_e_mail_only_where_it_is_sent(
    sqlite: Database, office: Office, clock: StoppedClock, *, mails: bool, says: str
) -> None:
    async with sqlite.transaction() as session:
        await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        await set_address(session, worker, ADDRESS, DOMAINS, clock())
        await reaching.lost(session, worker.id or 0, clock())
    telegram = Telegram()
    await Dispatcher(sqlite, replace(office, mails=mails), telegram).run(clock, patient=False)
    assert [says in words for _, words in telegram.took] == [True]
