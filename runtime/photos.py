"""Photos: made anew from their pixels, so that nothing a camera or a stranger wrote into the file comes along."""

import hashlib
import io
import secrets
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from storage.intake import Photo
from vocabulary.errors import Refused
from vocabulary.ids import ReportId

FORMS: Final = ("JPEG", "PNG", "WEBP")
MOST_BYTES: Final = 8_000_000
MOST_PIXELS: Final = 60_000_000
MOST_DECODED: Final = 25_000_000  # a small file may unfold into a picture that fills the memory
LONGEST_PX: Final = 2_048
QUALITY: Final = 85
MADE_OF: Final = 16  # random bytes of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture made anew."""

    jpeg: bytes
    width: int
    height: int


def remade(content: bytes, name: str) -> Picture:
    """Return the picture as JPEG, upright, at most 2048 px, without EXIF; Refused for what is no picture or too large."""
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata: it is thrown away
            with Image.open(io.BytesIO(content), formats=FORMS) as opened:
                _check_size(opened, MOST_PIXELS, name)
                # A JPEG is decoded at the size it is wanted in, which is quicker and needs less memory.
                opened.draft("RGB", (LONGEST_PX, LONGEST_PX))
                _check_size(opened, MOST_DECODED, name)
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused("intake.no_photo", value=name, known=", ".join(FORMS)) from None
    upright.thumbnail((LONGEST_PX, LONGEST_PX))
    # A new canvas: what the old one carried (profiles, comments) stays behind.
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    kept = io.BytesIO()
    plain.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return Picture(jpeg=kept.getvalue(), width=plain.width, height=plain.height)


def _check_size(picture: Image.Image, most: int, name: str) -> None:
    if picture.width * picture.height > most:
        raise _too_large(name)


def _too_large(name: str) -> Refused:
    megabytes, jpeg, other = (n // 1_000_000 for n in (MOST_BYTES, MOST_PIXELS, MOST_DECODED))
    return Refused("intake.photo_too_large", value=name, most=megabytes, jpeg=jpeg, other=other)


class PhotoFolder:
    """Where pictures lie: under random names, readable by the console's own user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, pictures: Sequence[Picture]) -> list[Photo]:
        """Write the pictures and return what is remembered of them, but for the report they belong to."""
        return [self._keep(picture) for picture in pictures]

    def _keep(self, picture: Picture) -> Photo:
        photo = Photo(
            id=secrets.token_hex(MADE_OF),
            report_id=ReportId(""),
            width=picture.width,
            height=picture.height,
            bytes=len(picture.jpeg),
            sha256=hashlib.sha256(picture.jpeg).hexdigest(),
        )
        file = self._file(photo.id)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(picture.jpeg)
        return photo

    def drop(self, photos: Sequence[Photo]) -> None:
        """Take pictures back that came to nothing."""
        for photo in photos:
            self._file(photo.id).unlink(missing_ok=True)

    def read(self, photo_id: str) -> bytes | None:
        """Return a picture, None where there is none."""
        file = self._file(photo_id)
        return file.read_bytes() if file.is_file() else None

    def _file(self, photo_id: str) -> Path:
        return self._folder / photo_id[:2] / f"{photo_id}.jpg"
