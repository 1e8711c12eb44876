"""The fonts of the minutes, and the glyph that draws each character.

Four roles: `body` 仿宋, `title` 小标宋, `hei` 黑体, `kai` 楷体 (GB/T 9704-2012, 5.2.2, 7.3). The operator's own font
comes first, then one installed on the machine (`installed.py`), then the one made by `scripts/fonts.py`; a character
that it lacks is looked for in the other fonts, then in those in reserve: `rare` (ideographs beyond the BMP), `wide`
(those of Extensions G and later, from an installed font alone), `emoji`, and `signs` (compatibility ideographs,
extended Latin, mathematics). `arabic` and `tibetan` draw whole words of their scripts (`shaping.py`).
"""

import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from documents.embedding import EmbeddedFont
from documents.shaping import SCRIPTS, SELECTOR, Script, ShapedFont, has_form
from storage.errors import YijueError

Role = Literal["body", "title", "hei", "kai", "rare", "wide", "emoji", "signs", "arabic", "tibetan"]
NEEDED: tuple[Role, ...] = ("body", "title", "hei", "kai")
RESERVE: tuple[Role, ...] = ("rare", "wide", "emoji", "signs")
FOLDER = Path(__file__).parent / "fonts"
BUNDLED: Mapping[Role, str] = MappingProxyType(
    {
        "body": "NotoSerifSC-Regular.ttf",
        "title": "NotoSerifSC-Bold.ttf",
        "hei": "NotoSansSC-Medium.ttf",
        "kai": "LXGWWenKai-Regular.ttf",
        "rare": "HanaMinB-Regular.ttf",
        "emoji": "NotoEmoji-Regular.ttf",
        "signs": "HanaMinA-Regular.ttf",
        "arabic": "NotoNaskhArabic-Regular.ttf",
        "tibetan": "NotoSerifTibetan-Regular.ttf",
    }
)
WANTED: Mapping[Role, str] = MappingProxyType(
    {
        "body": "仿宋",
        "title": "小标宋",
        "hei": "黑体",
        "kai": "楷体",
        "rare": "生僻字",
        "wide": "新增生僻字",
        "emoji": "表情符号",
        "signs": "其他字符",
        "arabic": "维吾尔文、哈萨克文",
        "tibetan": "藏文",
    }
)


class FontMissingError(YijueError):
    """A role has no font file: the operator's is not where the setting says, or none was made."""

    def __init__(self, role: Role, path: str, fallback: bool) -> None:
        self.role, self.path = role, path
        mend = "run `make fonts`" if fallback else "correct the setting that names it"
        super().__init__(f"缺少{WANTED[role]}字体：{path}；the font for {role} is missing: {mend}")


class FontChoice(Struct, frozen=True):
    """The font of one role, and whose it is: the operator's own, installed on the machine, or the bundled fallback."""

    role: Role
    path: str
    origin: Literal["own", "installed", "fallback"]

    @property
    def fallback(self) -> bool:
        """Whether it stands in for a font that papers want."""
        return self.origin == "fallback"

    def __str__(self) -> str:
        return f"{WANTED[self.role]} ({self.role}): {Path(self.path).name} ({self.origin})"


class FontSet:
    """Fonts by role, with those that stand in for a missing glyph.

    `fingerprints` holds the SHA-256 (hex) of each font file by role, and as "role/bundled" of the bundled one behind an
    operator's own: sets of the same fingerprints draw the same.
    """

    def __init__(
        self,
        chains: Mapping[Role, tuple[EmbeddedFont, ...]],
        scripts: Mapping[Script, ShapedFont],
        fingerprints: Mapping[str, str],
    ) -> None:
        self._chains = chains
        self._scripts = scripts
        self.fingerprints = dict(fingerprints)
        self._glyphs: dict[tuple[Role, str], tuple[EmbeddedFont, float] | None] = {}

    def first(self, role: Role) -> EmbeddedFont:
        """The font chosen for `role`."""
        return self._chains[role][0]

    def glyph(self, role: Role, char: str) -> tuple[EmbeddedFont, float] | None:
        """The font that draws `char` in `role`, and its width in em; None if no font has it, and for a variation
        selector, of which some fonts have a picture."""
        key = (role, char)
        if key not in self._glyphs:
            code = ord(char)
            fonts = (font for font in self._chains[role] if code in font.advances and not SELECTOR.match(char))
            font = next(fonts, None)
            self._glyphs[key] = None if font is None else (font, font.advances[code] / 1000)
        return self._glyphs[key]

    def script(self, script: Script, text: str) -> ShapedFont | None:
        """The font that draws `text`, words of `script`; None if it lacks a character of it or is not at hand."""
        font = self._scripts.get(script)
        return font if font and font.draws(text) else None

    def form(self, role: Role, ideograph: str, selector: str) -> ShapedFont | None:
        """The first font of `role` that has this variation sequence; None if none has."""
        paths = (font.path for font in self._chains[role])
        path = next((path for path in paths if has_form(path, ideograph, selector)), None)
        return _read_shaped(path) if path else None


_LOADED: dict[str, EmbeddedFont] = {}
_SETS: dict[tuple[FontChoice, ...], FontSet] = {}
_LOCK = threading.Lock()


def choose(
    own: Mapping[Role, str | Path] | None = None, folder: Path = FOLDER, installed: Mapping[Role, Path] | None = None
) -> tuple[FontChoice, ...]:
    """The font of each role; `own` maps a role to the operator's font file, `installed` to one on the machine.

    Reads no font: `yijue doctor` and the log can name the choice at once. Raises `FontMissingError`
    where one of the four roles has none, or where a font of `own` is not there.
    """
    choices = []
    for role in WANTED:
        choice = FontChoice(role, str(folder / BUNDLED.get(role, f"{role}.ttf")), "fallback")
        if installed and role in installed:
            choice = FontChoice(role, str(installed[role]), "installed")
        if own and role in own:
            choice = FontChoice(role, str(own[role]), "own")
        if Path(choice.path).is_file():
            choices.append(choice)
        elif not choice.fallback or role in NEEDED:
            raise FontMissingError(role, choice.path, choice.fallback)
    return tuple(choices)


def load(choices: Iterable[FontChoice]) -> FontSet:
    """The fonts of `choices`, read once for the process. Raises `FontUnusableError`."""
    choices = tuple(choices)
    with _LOCK:
        if choices not in _SETS:
            scripts = {choice.role: _read_shaped(choice.path) for choice in choices if choice.role in SCRIPTS}
            fonts = {choice.role: _read(choice.path) for choice in choices if choice.role not in SCRIPTS}
            fallen = {c.role: _read(str(FOLDER / BUNDLED[c.role])) for c in choices if _has_bundled(c)}
            rest = [fonts[role] for role in NEEDED] + list(fallen.values())
            rest += [fonts[role] for role in RESERVE if role in fonts]
            named: dict[str, EmbeddedFont] = {str(role): font for role, font in (fonts | scripts).items()}
            named |= {f"{role}/bundled": font for role, font in fallen.items()}
            _SETS[choices] = FontSet(
                {role: tuple(dict.fromkeys([fonts[role], *rest])) for role in NEEDED},
                scripts,
                {name: font.sha256 for name, font in named.items()},
            )
        return _SETS[choices]


def at_hand(
    own: Mapping[Role, str | Path] | None = None, installed: Mapping[Role, Path] | None = None
) -> list[FontSet]:
    """The sets that this machine can draw with: the one chosen, the one without what is installed, then the bundled one
    where it is there. Raises as `choose` and `load` do."""
    choices = [choose(own, installed=installed)]
    with suppress(FontMissingError):
        choices += [choose(own), choose()]
    return [load(each) for each in dict.fromkeys(choices)]


def _has_bundled(choice: FontChoice) -> bool:
    return not choice.fallback and choice.role in NEEDED and (FOLDER / BUNDLED[choice.role]).is_file()


def _read(path: str) -> EmbeddedFont:
    if path not in _LOADED:
        _LOADED[path] = EmbeddedFont(Path(path))
    return _LOADED[path]


@cache
def _read_shaped(path: str) -> ShapedFont:
    return ShapedFont(Path(path))
