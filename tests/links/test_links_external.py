"""What becomes of addresses elsewhere, against a server of this machine that misbehaves in every way."""

from __future__ import annotations

import http.server
import json
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from conftest import Build
from warning_lights.links import lychee
from warning_lights.links import outside as link_outside
from warning_lights.links.address import parse
from warning_lights.links.locate import Places
from warning_lights.links.lychee import Answer
from warning_lights.links.resolve import Outside
from warning_lights.links.written import Source

TLS = Path(__file__).parent / "tls"
SETTINGS = (
    "timeout = 1\nmax_retries = 1\nretry_wait_time = 1\nhost_request_interval = '1ms'\nmax_redirects = 4\n"
)


class Misbehaving(http.server.BaseHTTPRequestHandler):
    """What it does is its path: a status, or the name of a misdeed."""

    asked: ClassVar[Counter[str]] = Counter()

    def do_HEAD(self) -> None:
        self.send_error(405)

    def do_GET(self) -> None:
        name = self.path.strip("/").partition("?")[0]
        self.asked[self.path] += 1
        misdeed = getattr(self, f"do_{name}", None)
        if misdeed:
            misdeed()
        else:
            self.answer(int(name) if name.isdigit() else 200)

    def answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()

    def do_moved(self) -> None:
        self.answer(301, Location="/200")

    def do_elsewhere(self) -> None:
        self.answer(302, Location="/200")

    def do_chain(self) -> None:
        self.answer(308, Location="/moved")

    def do_loop(self) -> None:
        self.answer(302, Location="/loop")

    def do_stumbles(self) -> None:
        self.answer(500 if self.asked[self.path] == 1 else 200)

    def do_429(self) -> None:
        self.answer(429, Retry_After="1")

    def do_slow(self) -> None:
        time.sleep(5)

    def do_cut(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_endless(self) -> None:
        self.answer(200)
        try:
            while True:
                self.wfile.write(b"x" * 1024)
                time.sleep(0.01)
        except OSError:
            return

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[str]:
    """The misbehaving server's address, without a slash at its end."""
    Misbehaving.asked = Counter()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path) -> Path:
    (tmp_path / "lychee.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def test_the_right_verdict_for_each(project: Path) -> None:
    expected = {
        "200": "alive",
        "204": "alive",
        "404": "dead",
        "410": "dead",
        "401": "unverified",
        "403": "unverified",
        "429": "unverified",
        "999": "unverified",
        "500": "unverified",
        "503": "unverified",
        "stumbles": "alive",
        "moved": "alive",
        "elsewhere": "alive",
        "chain": "alive",
        "loop": "unverified",
        "slow": "unverified",
        "cut": "unverified",
        "endless": "alive",
    }
    with serving() as host:
        addresses = [f"{host}/{name}" for name in expected]
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            refused = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        outcome = lychee.ask([*addresses, *addresses, refused], project)
        asked = Misbehaving.asked
    verdicts = {
        url.rpartition("/")[2]: answer.verdict for url, answer in outcome.answers.items() if url != refused
    }
    assert verdicts == expected
    assert outcome.answers[refused].verdict == "unverified"
    assert outcome.answers[f"{host}/moved"].moved == f"{host}/200"
    assert outcome.answers[f"{host}/chain"].moved == f"{host}/200"
    assert outcome.answers[f"{host}/elsewhere"].words == f"redirects to {host}/200"
    # Nothing is asked twice but what stumbled, timed out or was cut off.
    assert {asked[f"/{name}"] for name in ("204", "404", "410", "403", "999", "endless")} == {1}


def test_a_second_run_asks_only_what_is_due(project: Path) -> None:
    with serving() as host:
        first = lychee.ask([f"{host}/200", f"{host}/404"], project)
        second = lychee.ask([f"{host}/200", f"{host}/404", f"{host}/a"], project)
        asked = dict(Misbehaving.asked)
    assert (first.asked, first.cached) == (2, 0)
    assert (second.asked, second.cached) == (1, 2)
    assert asked == {"/200": 1, "/404": 1, "/a": 1}
    assert second.answers[f"{host}/404"].verdict == "dead"


@pytest.mark.parametrize(
    ("verdict", "hours", "is_fresh"),
    [
        ("alive", 47, True),
        ("alive", 49, False),
        ("dead", 2, False),
        ("unverified", 11, True),
        ("unverified", 13, False),
    ],
)
def test_answers_age(verdict: str, hours: float, is_fresh: bool) -> None:
    answer = Answer(verdict, asked=1000.0)
    assert lychee.fresh(answer, 1000.0 + hours * 3600, age=48.0) is is_fresh


def test_the_time_is_bounded_and_what_was_not_asked_is_asked_first_next_time(project: Path) -> None:
    with serving() as host:
        addresses = [f"{host}/p{number}" for number in range(10_000)]
        started = time.monotonic()
        outcome = lychee.ask([f"{host}/a", *addresses], project, bound=1.5)
        took = time.monotonic() - started
        assert max(Misbehaving.asked.values(), default=1) == 1
    assert took < 30  # The bound and a machine under load; without a bound it would be minutes.
    assert len(outcome.answers) == 10_001
    late = [url for url, answer in outcome.answers.items() if answer.words == "not asked in time"]
    assert late
    assert outcome.asked + len(late) == 10_001
    assert late[0] not in lychee.read_cache(project / ".cache" / lychee.CACHE)


def test_a_certificate_of_another_host_is_death(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "ca.pem"))
    with serving(TLS / "leaf.pem") as host:
        outcome = lychee.ask([f"{host}/200"], project)
    assert outcome.answers[f"{host}/200"].verdict == "dead"
    assert outcome.answers[f"{host}/200"].words == "its certificate is that of another host"


def test_a_certificate_that_nobody_vouches_for_is_not(project: Path) -> None:
    with serving(TLS / "leaf.pem") as host:
        outcome = lychee.ask([f"{host}/200"], project)
    assert outcome.answers[f"{host}/200"].verdict == "unverified"


def test_no_such_host_is_death_only_where_other_names_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lychee, "resolves", lambda host: host != "gone.org")
    lost = lychee.judged("ERROR", "Connection failed. Check network connectivity and firewall settings")
    found = lychee.judged("200", "")
    only_lost = {"https://gone.org/": lost}
    assert lychee.refined("https://gone.org/", lost, set(), only_lost).verdict == "unverified"
    both = {**only_lost, "https://there.org/": found}
    assert lychee.refined("https://gone.org/", lost, set(), both).words == "no such host"


def test_addresses_of_data_and_what_their_entries_say() -> None:
    bib = (
        "@misc{a,\n url = {https://a.org/x},\n urlstatus = {dead},\n archiveurl = {https://archive.org/a},\n}\n"
        "@misc{b,\n url = {https://b.org/},\n doi = {10.1000/182},\n}\n"
        "@misc{c,\n url = {https://c.org/},\n urlstatus = {dead},\n}\n"
    )
    source = Source("bibliography/x.bib", lambda: bib)
    assert link_outside.declared_dead([source]) == {"https://a.org/x"}
    found = link_outside.data_addresses([source])
    assert [source.place(at)[1] for source, at in found.values()] == [2, 4, 7, 11, 8]
    assert "https://doi.org/10.1000/182" in found


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://a.org/x#y", "https://a.org/x"),
        ("http://localhost:8000/", ""),
        ("https://a.invalid/", ""),
        ("https://github.com/o/r/edit/main/docs/x.md", ""),
        ("https://github.com/o/r", "https://github.com/o/r"),
    ],
)
def test_what_is_asked(address: str, asked: str) -> None:
    url = parse(address)
    assert url
    assert link_outside.checkable(url, ("https://github.com/o/r/edit/",)) == asked


def test_plain_addresses_whose_hosts_encrypt() -> None:
    url = parse("http://a.org/x")
    assert url
    source = Source("docs/x.md", lambda: "[a](http://a.org/x)", "x.md", "x/index.html")
    places = Places([source], list, {"x.md": "x/index.html"})
    answers = {"http://a.org/x": Answer("alive"), "https://a.org/x": Answer("alive")}
    outside = {"http://a.org/x": Outside(url, {"x/index.html": False})}
    found = list(link_outside.told(answers, outside, {}, places))
    assert [str(f) for f in found] == [
        "docs/x.md:1:5: http://a.org/x answers under https:// too. Write that."
    ]


def test_exceptions_carry_reason_and_date_and_are_of_use(tmp_path: Path) -> None:
    config = tmp_path / "lychee.toml"
    config.write_text(
        "timeout = 5\nexclude = [\n"
        "  '^https://a\\.org/', # Refuses robots (403). Tried 2026-03.\n"
        "  '^https://b\\.org/',\n"
        '  "^https://c\\\\.org/", # Refuses robots. Tried 2026-03.\n'
        "]\n",
        encoding="utf-8",
    )
    found = link_outside.exceptions(config, ["https://a.org/1", "https://b.org/1"])
    assert [str(finding) for finding in found] == [
        "lychee.toml:4:1: ^https://b\\.org/ has no reason and date beside it: # Why. Tried 2026-01.",
        "lychee.toml:5:1: ^https://c\\.org/ matches no address any more. Take it out.",
    ]


def test_a_build_asks_when_told_to(build_site: Callable[..., Build]) -> None:
    with serving() as host:
        page = f"[a]({host}/404#part) [b]({host}/403) [c]({host}/moved) [d]({host}/200)\n"
        files = {
            "lychee.toml": SETTINGS,
            "data/works.bib": f"@misc{{x,\n url = {{{host}/410}},\n}}\n",
            "theme/main.html": "<!doctype html><title>x</title>{{ page.content }}",  # Others link elsewhere.
        }
        bare = "theme: {name: null, custom_dir: theme}\n"
        asking = {"CHECK_EXTERNAL_LINKS": "true"}
        quiet = build_site({"index.md": page}, hooks=("links.py",), config=bare, files=files)
        assert quiet.code == 0, quiet.output
        assert not Misbehaving.asked
        build = build_site({"index.md": page}, hooks=("links.py",), config=bare, files=files, env=asking)
    lines = [line.partition("links: ")[2] for line in build.output.splitlines() if "links: d" in line]
    columns = [page.index(label) + len(label) + 2 for label in ("[a]", "[b]", "[c]")]
    assert build.code == 1
    assert lines == [
        f"data/works.bib:2:9: {host}/410 is dead: 410 Gone. Mend it, or cite an archived copy.",
        f"docs/index.md:1:5: {host}/404#part is dead: 404 Not Found. Mend it, or cite an archived copy.",
        f"docs/index.md:1:{columns[1]}: {host}/403 could not be verified: 403 Forbidden.",
        f"docs/index.md:1:{columns[2]}: {host}/moved has moved for good to {host}/200. Write that.",
    ]
    assert "Elsewhere: 5 asked, 0 cached, 1 unverified." in build.output
    data = json.loads((build.site.parent / "project" / ".cache" / "links.json").read_text(encoding="utf-8"))
    assert data["outside"]["unverified"] == [f"{host}/403"]
