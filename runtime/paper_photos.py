"""Photos made small enough for paper: a page holds six, and nobody's browser waits for forty megabytes."""

import io
from collections.abc import Mapping, Sequence
from typing import Final

from PIL import Image

from runtime.photos import PhotoFolder
from storage.intake import Photo

ON_PAPER_PX: Final = 1_000
QUALITY: Final = 80
MOST: Final = 60


def paper_photos(
    folder: PhotoFolder, photos: Mapping[str, Sequence[Photo]]
) -> list[tuple[str, bytes]]:
    """Return the photos of all reports as files of a paper, at most sixty; one whose file is gone is left out."""
    found = [photo for of_report in photos.values() for photo in of_report][:MOST]
    read = [(f"photos/{photo.id}.jpg", folder.read(photo.id)) for photo in found]
    return [(name, _small(content)) for name, content in read if content is not None]


def _small(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
        opened.draft("RGB", (ON_PAPER_PX, ON_PAPER_PX))
        picture = opened.convert("RGB")
    picture.thumbnail((ON_PAPER_PX, ON_PAPER_PX))
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
