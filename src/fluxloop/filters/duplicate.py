"""The fold by which exact twins are one: what does not matter when two texts say the same."""

from __future__ import annotations

import unicodedata


class _Folds(dict[int, str | None]):
    """What becomes of a character: letters, digits, currencies and `+ < = > # %` stay, marks and emoji become a space.

    `C`, `C++` and `C#`, `5 %` and `5 €` are different things to ask about; `e-mail` and `e mail` are not.
    """

    def __missing__(self, code: int) -> str | None:
        self[code] = folded = self._fold(chr(code))
        return folded

    @staticmethod
    def _fold(char: str) -> str | None:
        category = unicodedata.category(char)
        if category == "Cf" or char in "'’‘`´ʼ＇" or "\ufe00" <= char <= "\ufe0f" or category == "Me":
            return ""
        if category[0] in "LMN" or category in {"Sc", "Sm"} or char in "#%":
            return char
        return " "


_FOLDS = _Folds()


def fold_text(text: str) -> str:
    """The text without what does not matter: Unicode form, case, punctuation, emoji, spacing.

    A text of nothing but marks or emoji is its own fold: 👍 is not 👎.
    """
    plain = (
        text.casefold()
        if text.isascii()
        else unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    )
    folded = " ".join(plain.translate(_FOLDS).split())
    return folded or f"\0{' '.join(plain.split())}"
