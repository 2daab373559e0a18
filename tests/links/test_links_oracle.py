"""For any generated site, the check agrees with a plain oracle: ask a server, look for the id."""

from __future__ import annotations

import http.server
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import quote, unquote, urljoin, urlsplit

import markdown
from hypothesis import given, settings
from hypothesis import strategies as st

from warning_lights.core import markdown_source
from warning_lights.links import leftovers, prose
from warning_lights.links import page as link_page
from warning_lights.links.check import Check
from warning_lights.links.site import Site
from warning_lights.links.written import Source
from warning_lights.links.written import written_addresses as links_in

NAMES = ["a", "b", "Ä", "x y", "100%"]
FILES = ["index.html", "a/index.html", "b.html", "a/b/index.html", "Ä/index.html", "x y.html", "a/100%.html"]
IDS = ["one", "Zwei", "ß", "50%25", "x y"]

segments = st.sampled_from([".", "..", "", "index.html", "b.html", *map(quote, NAMES), *NAMES[:3]])
fragments = st.one_of(
    st.none(), st.sampled_from([*IDS, *map(quote, IDS), "top", "TOP", "", "nowhere", "one:~:text=x", "%6Fne"])
)
addresses = st.builds(
    lambda root, parts, fragment: (
        ("/repo/" if root else "") + "/".join(parts) + ("" if fragment is None else f"#{fragment}")
    ),
    st.booleans(),
    st.lists(segments, min_size=1, max_size=4),
    fragments,
).filter(lambda address: "//" not in address and address.strip() and not address.startswith("/repo/.."))
sites = st.dictionaries(
    st.sampled_from(FILES),
    st.tuples(st.lists(st.sampled_from(IDS), unique=True), st.lists(addresses, max_size=6)),
    min_size=1,
)


class Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name == "id" and value}


@contextmanager
def served(files: dict[str, str]) -> Iterator[HTTPConnection]:
    """The site below /repo/, as GitHub Pages serves it."""

    class Pages(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(self.path)
            path = path[len("/repo/") :] if path.startswith("/repo/") else "\0"
            tried = [
                path + "index.html" if path.endswith("/") or not path else path,
                f"{path}.html",
                f"{path}/index.html",
            ]
            body = next((files[one] for one in tried if one in files), None)
            data = (body or "").encode()
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Pages) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        connection = HTTPConnection("127.0.0.1", server.server_address[1])
        yield connection
        connection.close()
        server.shutdown()


def dead(files: dict[str, str], pages: dict[str, tuple[list[str], list[str]]]) -> set[tuple[str, str]]:
    """What the oracle finds: (file, address) of each link that leads nowhere."""
    found = set()
    with served(files) as connection:

        @cache
        def ask(path: str) -> tuple[int, frozenset[str]]:
            connection.request("GET", path)
            answer = connection.getresponse()
            ids = Ids()
            ids.feed(answer.read().decode())
            return answer.status, frozenset(ids.found)

        for file, (_, links) in pages.items():
            here = "http://h.test/repo/" + quote(
                file.removesuffix("index.html") if file.endswith("index.html") else file
            )
            for link in links:
                url = urlsplit(urljoin(here, link))
                status, ids = ask(quote(url.path, safe="/%"))
                fragment = url.fragment.partition(":~:")[0]
                places = (
                    {fragment, unquote(fragment)} & ids or unquote(fragment).lower() == "top" or not fragment
                )
                if status != 200 or not places:
                    found.add((file, link))
    return found


@settings(max_examples=60, deadline=None)
@given(sites)
def test_the_check_agrees_with_a_server(pages: dict[str, tuple[list[str], list[str]]]) -> None:
    files = {
        file: "".join(f'<p id="{i}">x</p>' for i in ids) + "".join(f'<a href="{a}">x</a>' for a in links)
        for file, (ids, links) in pages.items()
    }
    check = Check(Site(files, "http://h.test/repo/"), lambda file: files[file].encode())
    check.run()
    assert {(f.shown_in, f.written) for f in check.faults} == dead(files, pages)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab []()^@!#<>\"'`\\\n:./={}-&;%"), max_size=120))
def test_no_text_makes_the_readers_raise(text: str) -> None:
    page = link_page.read_page(f"<p>{text}</p><a href='{text}'><img srcset='{text}' style='{text}'>")
    source = Source("docs/x.md", lambda: text)
    pieces = prose.leftovers(f"<p>{text}</p>".encode())
    for offset, _ in [
        *leftovers.left_as_text(source, pieces, {}),
        *leftovers.note_problems(source, set()),
        *leftovers.repeated_labels(source),
    ]:
        assert 0 <= offset <= len(text)
    for written in source.addresses:
        assert 0 <= written.offset <= len(text)
    assert len(markdown_source.blank_code(text)) == len(text)
    assert list(links_in(text)) == source.addresses or source.visible != text
    site = Site(["index.html"], "https://h.test/")
    Check(site, lambda file: text.encode()).run()
    assert isinstance(page.links, list)


MARKDOWN = [
    *["[a]", "[]", "[^n]", "[@k]", "(x.md)", "`c`", "**b**", "![i](p.png)", "](", ")[y.md]", "]{y.md}"],
    *["<p>", "</p>", "<div markdown>", "</div>", "<br>", "\n\n", "\n", "- ", " word ", "\\"],
    *["| a | b |\n", "[a]: x.md\n", "[^n]: note\n"],
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(MARKDOWN), max_size=25))
def test_no_guess_names_what_was_written(parts: list[str]) -> None:
    text = "".join(parts)
    html = markdown.markdown(text, extensions=["md_in_html", "footnotes", "tables"])
    pieces = prose.leftovers(html.encode())
    source = Source("docs/x.md", lambda: text)
    for offset, message in leftovers.left_as_text(source, pieces, {}):
        assert 0 <= offset <= len(text)
        written, _, meant = message.partition(" Did you mean ")
        assert not meant or not written.startswith(meant.removesuffix("?"))
