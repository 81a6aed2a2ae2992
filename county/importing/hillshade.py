"""Shaded relief: light from several sides so that no valley lies all in the dark, and a Web Mercator picture of it."""

from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.warp import Resampling, calculate_default_transform, reproject

from county.metres import metres_per_degree

ALTITUDE_DEG = 45.0
# Azimuth and weight: the main light from the north-west, as the eye expects, helped from west, north and south-west.
LIGHTS = ((315.0, 0.55), (270.0, 0.15), (0.0, 0.15), (225.0, 0.15))
EXAGGERATION = 1.35
FLAT = 127.0
RESOLUTION_M = (
    30.0  # of the picture in Web Mercator units; finer than SRTM so that curves stay smooth
)
FULL_RELIEF_M = (
    1200.0  # relief above which shading is taken as it comes; gentler country is exaggerated more
)


def write_terrain(metres: NDArray[np.float32], transform: Affine, folder: Path) -> None:
    """Write terrain.tif (heights, WGS 84) and hillshade.tif (band 1: shade 0..255 around 127, band 2: relative height)."""
    profile = {
        "driver": "GTiff", "height": metres.shape[0], "width": metres.shape[1], "count": 1, "dtype": "float32",
        "crs": "EPSG:4326", "transform": transform, "compress": "deflate", "predictor": 3, "tiled": True,
    }  # fmt: skip
    with rasterio.open(folder / "terrain.tif", "w", **profile) as target:
        target.write(metres, 1)
    picture, where = _mercator(metres, transform)
    _write_picture(folder / "hillshade.tif", picture, where)


def _mercator(metres: NDArray[np.float32], transform: Affine) -> tuple[NDArray[np.uint8], Affine]:
    height, width = metres.shape
    west, north = transform.c, transform.f
    east, south = west + width * transform.a, north + height * transform.e
    where, columns, rows = calculate_default_transform(
        "EPSG:4326", "EPSG:3857", width, height, west, south, east, north, resolution=RESOLUTION_M
    )
    smooth = np.zeros((rows, columns), dtype=np.float32)
    reproject(
        metres, smooth, src_transform=transform, src_crs="EPSG:4326", dst_transform=where, dst_crs="EPSG:3857",
        resampling=Resampling.cubic_spline, src_nodata=None, dst_nodata=float(np.nanmin(metres)),
    )  # fmt: skip
    east_m, north_m = metres_per_degree((north + south) / 2)
    ground_m = RESOLUTION_M * east_m / north_m
    low, high = np.percentile(smooth, (1, 99))
    steeper = EXAGGERATION * max(
        1.0, min(3.0, (FULL_RELIEF_M / max(float(high - low), 1.0)) ** 0.5)
    )
    tint = np.clip((smooth - low) / max(float(high - low), 1.0) * 255, 0, 255)
    return np.stack([shade(smooth, ground_m, steeper), tint]).astype(np.uint8), where


def shade(
    metres: NDArray[np.float32], cell_m: float, exaggeration: float = EXAGGERATION
) -> NDArray[np.float32]:
    """Return the light on each cell, 0 (dark) to 255 (bright), 127 on flat ground."""
    south, east = np.gradient(metres * np.float32(exaggeration), np.float32(cell_m))
    north = -south
    steep = np.sqrt(1 + east**2 + north**2)
    altitude = np.radians(ALTITUDE_DEG)
    total = np.zeros_like(steep)
    for azimuth_deg, weight in LIGHTS:
        azimuth = np.radians(azimuth_deg)
        towards = east * np.float32(-np.sin(azimuth)) + north * np.float32(-np.cos(azimuth))
        light = (np.float32(np.sin(altitude)) + np.float32(np.cos(altitude)) * towards) / steep
        total += np.float32(weight) * np.maximum(light, 0)
    flat = np.float32(np.sin(altitude))
    dark = np.clip(total / flat, 0, 1) * FLAT
    bright = FLAT + np.clip((total - flat) / (1 - flat), 0, 1) * (255 - FLAT)
    shaded: NDArray[np.float32] = np.where(total < flat, dark, bright).astype(np.float32)
    return shaded


def _write_picture(file: Path, picture: NDArray[np.uint8], where: Affine) -> None:
    profile = {
        "driver": "GTiff", "height": picture.shape[1], "width": picture.shape[2], "count": picture.shape[0],
        "dtype": "uint8", "crs": "EPSG:3857", "transform": where, "tiled": True, "blockxsize": 256,
        "blockysize": 256, "compress": "deflate", "interleave": "band",
    }  # fmt: skip
    with rasterio.open(file, "w", **profile) as target:
        target.write(picture)
    with rasterio.open(file, "r+") as target:
        target.build_overviews([2, 4, 8, 16], Resampling.average)
