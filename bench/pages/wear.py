"""What scanners, phones and years do to a page, from a seed."""

from __future__ import annotations

import random
from enum import StrEnum

import cv2
import numpy as np

from bench.pages.drawing import Picture


class Quality(StrEnum):
    CLEAN = "clean"
    MILD = "mild"
    BAD = "bad"


def worn(picture: Picture, quality: Quality, seed: int) -> Picture:
    """RGB in and out. Mild: up to 1° askew, light noise, JPEG 80.

    Bad: up to 3°, blur, shade, stains, more noise, JPEG 45.
    """
    dice = random.Random(f"{quality} {seed}")
    if quality is Quality.CLEAN:
        return picture
    if quality is Quality.MILD:
        tilted = askew(picture, dice.uniform(-1, 1))
        return pressed(noisy(tilted, 5, dice), 80)
    tilted = shaded(stained(askew(picture, dice.uniform(-3, 3)), dice), dice)
    blurred = cv2.GaussianBlur(tilted, (0, 0), picture.shape[1] / 1654 * dice.uniform(0.55, 0.8))
    return pressed(noisy(np.asarray(blurred, np.uint8), 12, dice), 45)


def askew(picture: Picture, degrees: float) -> Picture:
    """Turned about its middle; what comes into view is white."""
    height, width = picture.shape[:2]
    turning = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    turned = cv2.warpAffine(
        picture, turning, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )
    return np.asarray(turned, np.uint8)


def noisy(picture: Picture, strength: float, dice: random.Random) -> Picture:
    source = np.random.default_rng(dice.getrandbits(64))
    grain = source.normal(0, strength, picture.shape[:2])[:, :, None]
    return np.asarray(np.clip(picture + grain, 0, 255), np.uint8)


def shaded(picture: Picture, dice: random.Random) -> Picture:
    """Darker towards one side, as under a lamp, and with less contrast."""
    height, width = picture.shape[:2]
    across = np.linspace(0, 1, width)[None, :] * dice.uniform(-1, 1)
    down = np.linspace(0, 1, height)[:, None] * dice.uniform(-1, 1)
    slope = across + down
    light = 1 - 0.35 * (slope - slope.min()) / max(float(np.ptp(slope)), 1e-6)
    ink = 255 - (255 - picture.astype(np.float32)) * dice.uniform(0.65, 0.85)
    return np.asarray(np.clip(ink * light[:, :, None], 0, 255), np.uint8)


def stained(picture: Picture, dice: random.Random) -> Picture:
    """Rings of coffee and blots, which darken what is under them and hide nothing."""
    height, width = picture.shape[:2]
    veil = np.full((height, width, 3), 255, np.uint8)
    for _ in range(dice.randint(1, 3)):
        centre = (dice.randrange(width), dice.randrange(height))
        radius = int(width * dice.uniform(0.05, 0.13))
        colour = (dice.randint(150, 205), dice.randint(120, 175), dice.randint(80, 140))
        thick = -1 if dice.random() < 0.4 else max(3, radius // 7)
        cv2.circle(veil, centre, radius, colour, thick, cv2.LINE_AA)
    veil = np.asarray(cv2.GaussianBlur(veil, (0, 0), width / 300), np.uint8)
    return np.asarray(picture.astype(np.uint16) * veil // 255, np.uint8)


def pressed(picture: Picture, quality: int) -> Picture:
    """Through JPEG and back."""
    _, packed = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    unpacked = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(unpacked[:, :, ::-1])
