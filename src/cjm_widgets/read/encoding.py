"""Which encoding a text file has, and its bytes as UTF-8."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cjm_widgets.errors import ArgumentError, ReadError

_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What Windows-1252 leaves undefined; ISO 8859-1 has control characters there.
_UNDEFINED = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file are to be read."""

    codec: str
    """Python's codec, which drops a byte order mark by itself."""
    name: str
    """What the report says."""
    replaced: int
    """Characters that cannot be decoded and become U+FFFD."""
    nul: bool
    """Whether the text holds NUL characters."""
    quotes: int
    """Quotation marks in the text."""
    clean: bool
    """Whether the bytes are valid UTF-8 already."""


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a mebibyte at a time."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def find(path: Path, named: str | None, file: str) -> Encoding:
    """The encoding of a file: the one named, its mark, its zero bytes, UTF-8 or cp1252.

    Bytes that are UTF-8 but for a few are UTF-8 with replacements. Bytes that cp1252 does
    not define make a file latin-1, unless it also has those that only cp1252 defines.

    Raises
    ------
    ArgumentError
        If `named` is no encoding.
    """
    with path.open("rb") as opened:
        start = opened.read(8192)
    if named is not None:
        codec, name = _known(named), named
        for mark, marked in _BOMS:
            if (
                start.startswith(mark)
                and codec.startswith("utf")
                and codec[-2:] not in ("le", "be")
            ):
                codec = marked
                break
        return _look(path, codec, name)
    for mark, codec in _BOMS:
        if start.startswith(mark):
            return _look(path, codec, codec.removesuffix("-sig"))
    wide = _wide(start)
    if wide is not None:
        return _look(path, wide, wide)
    found = _look(path, "utf-8", "utf-8")
    if found.clean or _mostly_utf8(path, found.replaced):
        return found
    codec = _single(path)
    return _look(path, codec, codec)


def _known(named: str) -> str:
    try:
        info = codecs.lookup(named)
        if not info._is_text_encoding:
            raise LookupError
    except (LookupError, TypeError, ValueError):
        raise ArgumentError(
            f"encoding={named!r} is no encoding; usual ones are 'utf-8', 'utf-16', 'cp1252', "
            "'latin-1', 'mac_roman'; or leave it out and it is found"
        ) from None
    return info.name


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: in Western text every other byte is zero."""
    if len(start) < 4:
        return None
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _look(path: Path, codec: str, name: str) -> Encoding:
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    replaced = quotes = 0
    nul = False
    for text in _texts(path, decoder):
        replaced += text.count("\ufffd")
        quotes += text.count('"')
        nul = nul or "\x00" in text
    if replaced:
        replaced -= _genuine(path, codec)
    return Encoding(codec, name, replaced, nul, quotes, codec.startswith("utf-8") and not replaced)


def _texts(path: Path, decoder: codecs.IncrementalDecoder) -> Iterator[str]:
    for block in blocks(path):
        yield decoder.decode(block)
    rest = decoder.decode(b"", final=True)
    if rest:
        yield rest


def _genuine(path: Path, codec: str) -> int:
    """Replacement characters that stand in the file itself."""
    decoder = codecs.getincrementaldecoder(codec)(errors="ignore")
    return sum(text.count("\ufffd") for text in _texts(path, decoder))


def _mostly_utf8(path: Path, bad: int) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
    good = 0
    for text in _texts(path, decoder):
        good += len(text) - len(text.encode("ascii", "ignore"))
        if good > 4 * bad:
            return True
    return False


def _single(path: Path) -> str:
    seen: set[int] = set()
    for block in blocks(path):
        seen.update(block)
    only_windows = {byte for byte in seen if 0x80 <= byte <= 0x9F} - _UNDEFINED
    return "latin-1" if seen & _UNDEFINED and not only_windows else "cp1252"


class Utf8(io.RawIOBase):
    """A file of any encoding as a stream of valid UTF-8 bytes."""

    def __init__(self, path: Path, codec: str) -> None:
        super().__init__()
        decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        self._texts = _texts(path, decoder)
        self._held = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; nothing at the end."""
        while size < 0 or len(self._held) < size:
            text = next(self._texts, None)
            if text is None:
                break
            # A lone surrogate cannot come out of these decoders, UTF-16's included.
            self._held += text.encode("utf-8", errors="replace")
        size = len(self._held) if size < 0 else size
        given, self._held = self._held[:size], self._held[size:]
        return given

    def close(self) -> None:
        """Close the file below."""
        closing = getattr(self._texts, "close", None)
        if closing is not None:
            closing()
        super().close()


def refuse_binary(text: str, encoding: Encoding, file: str) -> None:
    """Refuse what is no text.

    Raises
    ------
    ReadError
        If a tenth of the first characters are control characters, or fewer in a file that
        is not UTF-8.
    """
    odd = sum(1 for one in text if (one < " " and one not in "\t\n\r\x0b\x0c\x1b") or one == "\x7f")
    bound = 0.1 if encoding.clean or encoding.codec.startswith("utf-16") else 0.02
    if text and odd > max(3.0, bound * len(text)):
        raise ReadError(
            "this is not a text file (too many control characters); "
            "export the data as CSV, XLSX, JSONL or Parquet",
            file=file,
        )
