"""Pictures of what a student sees, light and dark, each with what axe finds wrong with it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from lab_page import THEMES, LabPage
from PIL import Image, ImageDraw

_TILE = (420, 360)
_COLUMNS = 6
_CAPTION = 18


@dataclass(frozen=True)
class Violation:
    """Something that axe objects to.

    Attributes:
        picture: what was looked at.
        theme: in which theme.
        rule: axe's name for it.
        about: the first elements concerned, and why.
    """

    picture: str
    theme: str
    rule: str
    about: str


class Album:
    """Takes the pictures and keeps them in a folder."""

    def __init__(self, lab: LabPage, folder: Path) -> None:
        self.lab = lab
        self.folder = folder
        self.names: list[str] = []
        self.violations: list[Violation] = []
        self._axe = Axe()
        for theme in THEMES:
            (folder / theme).mkdir(parents=True, exist_ok=True)

    def take(self, name: str, cell: str) -> None:
        """A picture of the page with a cell's end in sight, in every theme; axe looks at the cell."""
        self._pictures(name, cell, self.lab.show)

    def take_top(self, name: str, cell: str) -> None:
        """The same with a cell's beginning at the top of the page."""
        self._pictures(name, cell, self.lab.show_top)

    def _pictures(self, name: str, cell: str, show: Any) -> None:
        number = f"{len(self.names) + 1:02}"
        self.names.append(f"{number} {name}")
        for theme in sorted(THEMES, key=lambda one: one != self.lab.theme):  # the one that is on first
            self.lab.choose_theme(theme)
            show(cell)
            self.lab.page.screenshot(path=self.folder / theme / f"{number}.png")
            self._look(name, theme, cell)

    def _look(self, name: str, theme: str, cell: str) -> None:
        self.lab.mark(cell)
        seen = [f"[data-looked-at] {part}" for part in (".jp-OutputArea-output", ".jp-RenderedMarkdown")]
        present = [part for part in seen if self.lab.page.query_selector(part)]
        if not present:
            return
        found = self._axe.run(self.lab.page, context={"include": [[part] for part in present]}).response
        for violation in found["violations"]:
            about = "; ".join(f"{n['html'][:120]} ({n['failureSummary']})" for n in violation["nodes"][:3])
            self.violations.append(Violation(name, theme, violation["id"], about))

    def close(self) -> None:
        """All pictures of a theme on one sheet; what axe said in ``axe.txt``."""
        rows = -(-len(self.names) // _COLUMNS)
        for theme in THEMES:
            sheet = Image.new("RGB", (_COLUMNS * _TILE[0], rows * (_TILE[1] + _CAPTION)), "white")
            for place, name in enumerate(self.names):
                x, y = place % _COLUMNS * _TILE[0], place // _COLUMNS * (_TILE[1] + _CAPTION)
                with Image.open(self.folder / theme / f"{name[:2]}.png") as picture:
                    sheet.paste(picture.resize(_TILE, Image.Resampling.LANCZOS), (x, y + _CAPTION))
                ImageDraw.Draw(sheet).text((x + 4, y + 3), name, fill="black")
            sheet.save(self.folder / f"contact-sheet-{theme}.png")
        told = (f"{v.picture}, {v.theme}: {v.rule}: {v.about}" for v in self.violations)
        (self.folder / "axe.txt").write_text("\n".join(told), encoding="utf-8")
