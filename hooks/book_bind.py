"""The volumes of the book are bound into one PDF (ISO 32000-1, 12.3 and 14.7)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Object, OutlineItem, Pdf, String

ELSEWHERE = "book:"  # What the address of a link begins with that leads to a place in another volume.
LEFT = 102  # Points: where the text begins.
MANY = 4  # Streams that end badly.
SHIFTS = 12  # Of its objects, so that no stream ends badly; about every second book needs one.


@dataclass(frozen=True)
class Part:
    """A volume: its PDF, and what it has to do with the others.

    `places` are those in it that others point to, by name: page of the volume, and points from its top;
    `pages` tells for each place in another that it points to the number of the page in the book.
    """

    pdf: Path
    places: Mapping[str, tuple[int, float]]
    pages: Mapping[str, int]


def bound(parts: Sequence[Part]) -> bytes:
    """One PDF with the pages, structure, destinations and bookmarks of all parts.

    The first part gives the rest: metadata, language, attachments and the profile of the colours. It lists
    the headings of all, so that none of its own bookmarks is wanted.
    """
    with pikepdf.open(parts[0].pdf) as whole:
        binding = Binding(whole)
        binding.take(whole, parts[0])
        binding.bookmarks.clear()
        for part in parts[1:]:
            with pikepdf.open(part.pdf) as pdf:
                binding.take(pdf, part)
        binding.close()
        return written(whole)


def written(pdf: Pdf) -> bytes:
    """A PDF with its many small objects compressed together: a third of the size.

    Where compressed data end in a carriage return, as one stream in 256 does, some checkers take it and the
    line feed after it for the end of a line, and the data for one byte too short. So the objects are moved
    on by some that are empty, until no stream ends so.
    """
    for page in pdf.pages:
        if page.Contents.read_raw_bytes().endswith(b"\r"):
            page.Contents.write(page.Contents.read_bytes() + b"\n")
    whole = b""
    for number in range(1, SHIFTS + 1):
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        whole = out.getvalue()
        if whole.count(b"\r\nendstream") not in range(1, MANY):
            break  # None, or so many, in a long book, that they would never all be gone.
        pdf.Root.AAA_Empty = Array([pdf.make_indirect(Dictionary()) for _ in range(number)])
    return whole


class Binding:
    """Takes one part after the other into `whole`, which is the first of them."""

    def __init__(self, whole: Pdf) -> None:
        self.whole = whole
        self.key = 0  # The first that is free in the tree that leads from what is on a page to its element.
        self.parents: list[Object] = []  # The leaves of this tree, and of that of ids: one for each part.
        self.ids: list[Object] = []
        self.destinations: dict[str, Object] = {}
        self.bookmarks: list[OutlineItem] = []

    def take(self, pdf: Pdf, part: Part) -> None:
        tree = pdf.Root.StructTreeRoot
        for page in pdf.pages:
            page.StructParents = self.key + int(page.StructParents)
            for link in page.get("/Annots", ()):
                link.StructParent = self.key + int(link.StructParent)
                tie(link, part.pages)
        self.tell_apart(pdf, tree)
        named = {str(name): destination for name, destination in NameTree(pdf.Root.Names.Dests).items()}
        with pdf.open_outline() as outline:
            bookmarks = list(outline.root)
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        pages = list(self.whole.pages)
        if pdf is not self.whole:
            for page in pdf.pages:  # Before the rest, which refers to them.
                self.whole.pages.append(page)
            pages = list(self.whole.pages)[len(pages) :]
            tree = self.whole.copy_foreign(pdf.make_indirect(tree))
            document = self.whole.Root.StructTreeRoot.K[0]
            for element in tree.K[0].K:
                element.P = document
                document.K.append(element)
        self.parents.append(tree.ParentTree)
        if "/IDTree" in tree:
            self.ids.append(tree.IDTree)

        def moved(destination: Any) -> Array:
            """A place in the part becomes the same place in the whole."""
            return Array([pages[numbers[destination[0].objgen]].obj, *list(destination)[1:]])

        def copied(item: OutlineItem) -> OutlineItem:
            copy = OutlineItem(item.title, moved(item.destination))
            copy.children[:] = map(copied, item.children)
            copy.is_closed = item.is_closed
            return copy

        self.bookmarks += map(copied, bookmarks)
        self.destinations |= {name: moved(destination) for name, destination in named.items()}
        for name, (number, down) in part.places.items():
            up = round(float(pages[number - 1].mediabox[3]) - down, 2)
            self.destinations[name] = Array([pages[number - 1].obj, Name.XYZ, LEFT, up, 0])

    def tell_apart(self, pdf: Pdf, tree: Object) -> None:
        """Make the keys and ids in the structure of a part other than those of the parts before it."""
        first, mark = self.key, f"{len(self.parents):04}:"
        leaf: list[Any] = list(tree.ParentTree.Nums)
        leaf[::2] = [first + key for key in leaf[::2]]
        tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(leaf), Limits=[leaf[0], leaf[-2]]))
        self.key += int(tree.ParentTreeNextKey)
        if "/IDTree" in tree:
            leaf = list(tree.IDTree.Names)
            leaf[::2] = [String(mark + str(name)) for name in leaf[::2]]
            tree.IDTree = pdf.make_indirect(Dictionary(Names=Array(leaf), Limits=[leaf[0], leaf[-2]]))
            tables = {}
            for name, element in zip(leaf[::2], leaf[1::2], strict=True):
                element.ID = name
                if element.S == Name.TH:
                    table = table_of(element)
                    tables[table.objgen] = table
            for cell in (cell for table in tables.values() for cell in cells(table)):
                for attributes in cell.get("/A", ()):
                    if "/Headers" in attributes:
                        attributes.Headers = Array([String(mark + str(name)) for name in attributes.Headers])

    def close(self) -> None:
        """Write what was gathered into the whole."""
        tree = self.whole.Root.StructTreeRoot
        tree.ParentTree = Dictionary(Kids=Array(self.parents))
        tree.ParentTreeNextKey = self.key
        if self.ids:
            tree.IDTree = Dictionary(Kids=Array(self.ids))
        names = NameTree.new(self.whole)
        for name, destination in self.destinations.items():
            names[name] = destination
        self.whole.Root.Names.Dests = names.obj
        # False is what holds without it, and pdfinfo (Poppler) takes it for an error.
        del self.whole.Root.MarkInfo["/Suspects"]
        with self.whole.open_outline() as outline:
            outline.root[:] = self.bookmarks


def tie(link: Object, pages: Mapping[str, int]) -> None:
    """Let a link to a place in another part lead there."""
    address = str(link.A.URI) if "/A" in link and "/URI" in link.A else ""
    name = address.removeprefix(ELSEWHERE) if address.startswith(ELSEWHERE) else str(link.get("/Dest", ""))
    if name in pages:
        if "/A" in link:
            del link.A
        link.Dest = String(name)
        link.Contents = String(f"page {pages[name]}")


def table_of(element: Object) -> Object:
    return element if element.S == "/Table" else table_of(element.P)


def cells(element: Object) -> Iterator[Object]:
    """The cells of a table, or of a part of it."""
    for kid in element.K:
        if kid.S in ("/TH", "/TD"):
            yield kid
        elif kid.S in ("/TR", "/THead", "/TBody", "/TFoot"):
            yield from cells(kid)
