"""The site is one accessible PDF, and nothing is lost.

A page's tree is written as Typst code (`writer`: what HTML has, `chapter_writer`: what our pages add to it);
Typst sets all pages in one run, and `missing_content` compares what is in the PDF with what is on the pages.
The time and the memory of the run grow as the site does: one of ten times the pages is better printed as one
PDF for each section of the nav, each by a `Book` of its own.
"""

from warning_lights.book.build import Book, Options, make
from warning_lights.book.content import Chapter
from warning_lights.book.typeset import first_pages

__all__ = ["Book", "Chapter", "Options", "first_pages", "make"]
