"""The site is one accessible PDF, and nothing is lost.

A page's tree is written as Typst code (`writer`: what HTML has, `apparatus`: what our pages have beyond it),
Typst sets all pages in one run, and `losses` compares what is in the PDF with what is on the pages.
"""

from warning_lights.book.build import Book, Options, make
from warning_lights.book.content import Chapter

__all__ = ["Book", "Chapter", "Options", "make"]
