#!/usr/bin/env python3
"""Paints the pictures of the sample pages into img/ and edition/img/. Needs numpy, Pillow and a font with Cyrillic letters.

    python3 samples/make-pictures.py [NAME ...]

Everything is drawn here, from noise and polygons with fixed seeds, so that the samples carry no foreign pictures and the
same pictures come out again."""
import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE / 'img'
FONT = HERE.parent / 'fonts' / 'golos-text' / 'GolosText-Regular.ttf'
BOLD = HERE.parent / 'fonts' / 'golos-text' / 'GolosText-Bold.ttf'
SCALE = 2  # painted at twice the size, for smooth edges


def noise1(rng, n, octaves=7, rough=0.5, first=2):
    """A smooth random line of n values, about -1 to 1."""
    x, out, amp = np.linspace(0, 1, n), np.zeros(n), 1.0
    for o in range(octaves):
        k = first * 2 ** o + 2
        out += amp * np.interp(x * (k - 1), np.arange(k), rng.uniform(-1, 1, k))
        amp *= rough
    return out / 1.6


def noise2(rng, h, w, cells, octaves=5, rough=0.55):
    """A smooth random field, 0 to 1; `cells` is (rows, columns) of the coarsest octave."""
    out, amp, total = np.zeros((h, w)), 1.0, 0.0
    for o in range(octaves):
        a = rng.uniform(0, 1, (cells[0] * 2 ** o + 2, cells[1] * 2 ** o + 2)).astype(np.float32)
        out += amp * np.asarray(Image.fromarray(a).resize((w, h), Image.BICUBIC))
        total += amp
        amp *= rough
    return np.clip(out / total, 0, 1)


def gradient(h, w, stops):
    """A vertical gradient through (place, colour) stops."""
    y = np.linspace(0, 1, h)
    places = [p for p, _ in stops]
    return np.repeat(np.stack([np.interp(y, places, [c[i] for _, c in stops]) for i in range(3)], -1)[:, None], w, 1).astype(np.float64)


def lay(img, mask, colour):
    """Lays a colour (or picture) over img where mask is 1."""
    m = mask[..., None]
    img *= 1 - m
    img += m * np.asarray(colour, dtype=np.float64)


def clouds(img, rng, until, colour, lo, hi, cells=(5, 3), strength=0.8):
    h, w = int(img.shape[0] * until), img.shape[1]
    f = noise2(rng, h, w, cells, 6)
    m = np.clip((f - lo) / (hi - lo), 0, 1) * strength
    m *= np.clip(np.linspace(1.6, 0.25, h), 0, 1)[:, None]
    lay(img[:h], m, colour)


def ridge(img, rng, base, height, colour, rough=0.5, first=2, haze=None, trees=0, depth=0.3):
    """A range of hills with its foot in haze; `trees` is the height of treetops along its edge."""
    h, w = img.shape[:2]
    top = base * h - height * h * (noise1(rng, w, 9, rough, first) * 0.5 + 0.5)
    if trees:
        spikes = np.zeros(w)
        x = 0
        while x < w:
            width = int(rng.uniform(0.5, 1.2) * trees * h * 0.5) + 3
            tall = rng.uniform(0.35, 1.0) * trees * h
            i = np.arange(max(0, x - width), min(w, x + width))
            spikes[i] = np.maximum(spikes[i], tall * (1 - np.abs(i - x) / width) ** 0.8)
            x += int(width * rng.uniform(0.25, 0.8)) + 1
        top = top - spikes * (1 + 0.15 * rng.uniform(-1, 1, w))
    y = np.arange(h)[:, None]
    mask = np.clip(y - top[None], 0, 1)
    paint = np.ones_like(img) * np.asarray(colour, float)
    grain = noise2(rng, h, w, (40, 60), 4)[..., None]
    paint *= 0.86 + 0.28 * grain
    if haze is not None:
        t = np.clip((y - top[None]) / (depth * h), 0, 1)[..., None]
        paint = paint * (1 - 0.75 * t) + np.asarray(haze, float) * 0.75 * t
    lay(img, mask, paint)
    return top


def draw(img, paint):
    """Hands a Pillow canvas of img to `paint`, which draws hard shapes on it."""
    im = Image.fromarray(np.clip(img, 0, 255).astype(np.uint8))
    paint(ImageDraw.Draw(im), im)
    img[:] = np.asarray(im, dtype=np.float64)


def glow(img, x, y, radius, colour, strength=1.0, power=2.0):
    h, w = img.shape[:2]
    yy, xx = np.ogrid[:h, :w]
    d = np.sqrt((xx - x * w) ** 2 + (yy - y * h) ** 2) / (radius * w)
    m = (np.clip(1 - d, 0, 1) ** power * strength)[..., None]
    img += m * np.asarray(colour, float)


def water(img, rng, line, until=1.0, tint=(40, 60, 75), mix=0.35, ripple=1.0):
    """Fills below `line` with the mirror of what stands above it."""
    h, w = img.shape[:2]
    y0, y1 = int(line * h), int(until * h)
    n = y1 - y0
    d = np.arange(n)
    src = np.clip(y0 - 1 - (d * 0.92).astype(int), 0, y0 - 1)
    t = d / max(1, n)
    waves = noise2(rng, n, w, (max(2, n // 14), 7), 4, 0.6) - 0.5
    fine = noise2(rng, n, w, (max(2, n // 5), 30), 3, 0.6) - 0.5
    shift = (waves * 90 + fine * 60) * (0.12 + t[:, None]) * ripple
    rows = np.clip(src[:, None] + shift.astype(int), 0, y0 - 1)
    cols = np.clip(np.arange(w)[None] + (fine * 50 * (0.1 + t[:, None])).astype(int), 0, w - 1)
    mirror = img[rows, cols]
    m = np.clip(mix + 0.35 * t[:, None, None], 0, 1)
    out = mirror * (1 - m) + np.asarray(tint, float) * m
    out *= 1 + 0.55 * (waves + 0.6 * fine)[..., None] * (0.35 + t[:, None, None])
    img[y0:y1] = out


def snowfall(img, rng, n, size=3):
    h, w = img.shape[:2]

    def flakes(d, _):
        for _i in range(n):
            x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0.5, 1) * size
            d.ellipse([x - r, y - r, x + r, y + r], fill=(236, 240, 246))
    draw(img, flakes)


def finish(img, rng, name, size, quality=80, grain=3.0, blur=0.6):
    """Vignette, grain and the smaller size, then the file."""
    h, w = img.shape[:2]
    yy, xx = np.mgrid[-1:1:h * 1j, -1:1:w * 1j]
    img = img * (1 - 0.17 * np.clip(xx ** 2 + yy ** 2, 0, 2) ** 1.5 / 1.6)[..., None]
    im = Image.fromarray(np.clip(img, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur * SCALE))
    im = im.resize(size, Image.LANCZOS)
    a = np.asarray(im, dtype=np.float64)
    a += rng.normal(0, grain, a.shape[:2])[..., None]
    OUT.mkdir(exist_ok=True)
    Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)).save(OUT / name, quality=quality, optimize=True, progressive=False)


def canvas(size):
    return size[1] * SCALE, size[0] * SCALE


def parom():
    size, rng = (1200, 800), np.random.default_rng(17)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (112, 143, 172)), (0.3, (168, 186, 200)), (0.5, (226, 219, 205)), (1, (226, 219, 205))])
    clouds(img, rng, 0.5, (243, 240, 236), 0.46, 0.66, (7, 3), 0.85)
    clouds(img, rng, 0.4, (128, 142, 158), 0.55, 0.75, (9, 3), 0.45)
    ridge(img, rng, 0.47, 0.13, (133, 146, 158), haze=(205, 205, 200))
    ridge(img, rng, 0.485, 0.09, (98, 110, 112), haze=(176, 178, 172), trees=0.012)
    ridge(img, rng, 0.5, 0.055, (58, 70, 62), haze=(120, 122, 110), trees=0.035, depth=0.12)

    def village(d, _):
        s = lambda x, y: (x * w, y * h)
        for x, wd, c, r in [(0.61, 0.035, (186, 176, 158), (96, 78, 70)), (0.66, 0.03, (150, 164, 172), (110, 88, 80)), (0.75, 0.04, (172, 160, 140), (84, 88, 92)), (0.82, 0.03, (190, 184, 170), (120, 82, 70))]:
            d.rectangle([*s(x, 0.474), *s(x + wd, 0.5)], fill=c)
            d.polygon([s(x - 0.004, 0.474), s(x + wd / 2, 0.451), s(x + wd + 0.004, 0.474)], fill=r)
            for k in (0.25, 0.62):
                d.rectangle([*s(x + wd * k, 0.481), *s(x + wd * (k + 0.14), 0.491)], fill=(70, 76, 84))
        d.rectangle([*s(0.705, 0.40), *s(0.722, 0.5)], fill=(214, 208, 196))   # bell tower
        d.rectangle([*s(0.7095, 0.415), *s(0.7175, 0.437)], fill=(92, 96, 100))
        d.polygon([s(0.702, 0.401), s(0.7135, 0.352), s(0.725, 0.401)], fill=(98, 122, 116))
        d.line([s(0.7135, 0.353), s(0.7135, 0.33)], fill=(120, 110, 80), width=5)
        d.rectangle([*s(0.722, 0.452), *s(0.745, 0.5)], fill=(206, 200, 188))
        d.polygon([s(0.72, 0.453), s(0.7335, 0.432), s(0.747, 0.453)], fill=(98, 122, 116))
    draw(img, village)
    bank = np.clip(1 - np.abs(np.arange(w) / w - 0.74) / 0.24, 0, 1) ** 0.5
    edge = (0.506 - 0.012 * bank) * h + 0.002 * h * noise1(rng, w, 6)
    lay(img, np.clip((np.arange(h)[:, None] - edge[None]) / 2, 0, 1) * (bank > 0)[None], (104, 104, 82))

    def ferry(d, _):
        s = lambda x, y: (x * w, y * h)
        d.polygon([s(0.14, 0.565), s(0.50, 0.565), s(0.478, 0.618), s(0.165, 0.618)], fill=(44, 62, 84))
        d.polygon([s(0.148, 0.590), s(0.489, 0.590), s(0.478, 0.618), s(0.165, 0.618)], fill=(126, 48, 40))
        d.polygon([s(0.10, 0.535), s(0.14, 0.565), s(0.14, 0.576), s(0.094, 0.545)], fill=(88, 96, 104))
        d.polygon([s(0.54, 0.535), s(0.50, 0.565), s(0.50, 0.576), s(0.546, 0.545)], fill=(88, 96, 104))
        d.rectangle([*s(0.135, 0.557), *s(0.505, 0.567)], fill=(198, 200, 198))
        d.rectangle([*s(0.285, 0.465), *s(0.375, 0.560)], fill=(226, 226, 220))     # wheelhouse
        d.rectangle([*s(0.278, 0.458), *s(0.382, 0.468)], fill=(60, 78, 100))
        d.rectangle([*s(0.292, 0.478), *s(0.368, 0.503)], fill=(58, 72, 84))
        for k in range(1, 5):
            d.line([s(0.292 + k * 0.0152, 0.478), s(0.292 + k * 0.0152, 0.503)], fill=(226, 226, 220), width=6)
        d.rectangle([*s(0.318, 0.517), *s(0.342, 0.560)], fill=(104, 118, 128))
        d.line([s(0.33, 0.458), s(0.33, 0.385)], fill=(70, 72, 74), width=7)
        d.line([s(0.31, 0.41), s(0.35, 0.41)], fill=(70, 72, 74), width=5)
        d.polygon([s(0.332, 0.388), s(0.364, 0.396), s(0.332, 0.404)], fill=(176, 58, 46))
        # a white van and a red car
        d.rounded_rectangle([*s(0.175, 0.505), *s(0.262, 0.556)], 16, fill=(236, 236, 232))
        d.polygon([s(0.175, 0.512), s(0.190, 0.509), s(0.192, 0.529), s(0.176, 0.531)], fill=(74, 88, 100))
        d.line([s(0.196, 0.537), s(0.26, 0.537)], fill=(90, 130, 170), width=9)
        d.rounded_rectangle([*s(0.395, 0.533), *s(0.482, 0.557)], 14, fill=(164, 56, 46))
        d.polygon([s(0.410, 0.534), s(0.424, 0.516), s(0.458, 0.516), s(0.471, 0.534)], fill=(150, 48, 40))
        d.polygon([s(0.416, 0.533), s(0.427, 0.519), s(0.440, 0.519), s(0.440, 0.533)], fill=(150, 172, 186))
        d.polygon([s(0.444, 0.533), s(0.444, 0.519), s(0.456, 0.519), s(0.465, 0.533)], fill=(150, 172, 186))
        for x in (0.195, 0.243, 0.414, 0.463):
            r = 0.0095
            d.ellipse([x * w - r * w, 0.556 * h - r * w, x * w + r * w, 0.556 * h + r * w], fill=(36, 38, 40))
            d.ellipse([x * w - r * w * .45, 0.556 * h - r * w * .45, x * w + r * w * .45, 0.556 * h + r * w * .45], fill=(140, 142, 144))
        for k in range(30):
            x = 0.14 + k * 0.0125
            d.line([s(x, 0.541), s(x, 0.56)], fill=(206, 208, 206), width=3)
        d.line([s(0.14, 0.541), s(0.503, 0.541)], fill=(206, 208, 206), width=4)
        for x, c in [(0.268, (70, 90, 60)), (0.274, (40, 46, 70)), (0.385, (120, 90, 60))]:
            d.ellipse([x * w - 9, 0.520 * h - 9, x * w + 9, 0.520 * h + 9], fill=(214, 178, 150))
            d.rounded_rectangle([x * w - 12, 0.526 * h, x * w + 12, 0.558 * h], 8, fill=c)
    # Shore reflected first, then the ferry with a reflection of its own.
    water(img, rng, 0.506, tint=(70, 92, 108), mix=0.28, ripple=0.9)
    base = img.copy()
    draw(base, ferry)
    hull = np.abs(base - img).max(-1) > 6
    wl = int(0.612 * h)
    depth = int(0.15 * h)
    waves = (noise2(rng, depth, w, (22, 9), 4) - 0.5)
    for k in range(depth):
        y = wl + k
        sy = np.clip(wl - 1 - k + (waves[k] * (10 + k * 0.25)).astype(int), 0, wl - 1)
        sx = np.clip(np.arange(w) + (waves[k] * (8 + k * 0.22)).astype(int), 0, w - 1)
        m = hull[sy, sx] * 0.62 * (1 - k / depth)
        img[y] = img[y] * (1 - m[:, None]) + base[sy, sx] * 0.8 * m[:, None]
    draw(img, ferry)
    # wake
    yy, xx = np.mgrid[0:h, 0:w]
    foam = noise2(rng, h, w, (120, 30), 3)
    band = np.exp(-((yy / h - 0.616 - 0.012 * np.clip(xx / w - 0.48, 0, 1) * 4) / (0.004 + 0.012 * np.clip(xx / w - 0.47, 0, 1) * 3)) ** 2)
    band *= ((xx / w > 0.13) & (xx / w < 0.95)) * np.clip(1.25 - np.abs(xx / w - 0.45) * 1.5, 0.1, 1)
    lay(img, np.clip(band * (foam > 0.5) * 0.75, 0, 1), (232, 234, 232))
    # grasses of the near shore
    top = ridge(img, rng, 1.04, 0.10, (64, 58, 40), first=2, rough=0.4)

    def grass(d, _):
        for _i in range(1500):
            x = rng.uniform(0, w)
            y = top[int(x) % w] + rng.uniform(0, 50)
            l = rng.uniform(30, 120)
            lean = rng.normal(12, 22)
            c = rng.uniform(0.6, 1.25)
            d.line([(x, y), (x + lean * 0.4, y - l * 0.6), (x + lean, y - l)], fill=(int(104 * c), int(90 * c), int(56 * c)), width=int(rng.integers(2, 5)))
    draw(img, grass)
    glow(img, 0.8, 0.30, 0.5, (36, 28, 12))
    finish(img, rng, 'parom.jpg', size)


def kombinat():
    size, rng = (1200, 800), np.random.default_rng(46)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (48, 62, 98)), (0.25, (112, 98, 124)), (0.42, (212, 138, 104)), (0.52, (246, 196, 128)), (1, (246, 196, 128))])
    clouds(img, rng, 0.5, (250, 176, 130), 0.5, 0.7, (8, 2), 0.7)
    clouds(img, rng, 0.45, (70, 66, 96), 0.52, 0.72, (10, 2), 0.6)
    glow(img, 0.2, 0.52, 0.45, (90, 60, 20))
    ridge(img, rng, 0.545, 0.05, (104, 82, 88), haze=(196, 140, 110), trees=0.012)

    def works(d, _):
        s = lambda x, y: (x * w, y * h)
        brick, dark, roof = (112, 62, 50), (86, 48, 42), (58, 50, 56)
        d.polygon([s(0.285, 0.56), s(0.292, 0.16), s(0.312, 0.16), s(0.319, 0.56)], fill=(104, 60, 52))
        d.polygon([s(0.302, 0.56), s(0.302, 0.16), s(0.312, 0.16), s(0.319, 0.56)], fill=(80, 46, 44))
        for y in (0.175, 0.21):
            d.rectangle([*s(0.290, y), *s(0.314, y + 0.014)], fill=(200, 186, 172))
        d.polygon([s(0.362, 0.56), s(0.367, 0.25), s(0.382, 0.25), s(0.387, 0.56)], fill=(110, 66, 54))
        d.polygon([s(0.375, 0.56), s(0.375, 0.25), s(0.382, 0.25), s(0.387, 0.56)], fill=(84, 50, 46))
        d.rectangle([*s(0.06, 0.42), *s(0.27, 0.57)], fill=brick)
        for k in range(5):                                           # saw-tooth roof
            x = 0.06 + k * 0.042
            d.polygon([s(x, 0.42), s(x, 0.375), s(x + 0.042, 0.42)], fill=roof)
            d.polygon([s(x, 0.42), s(x, 0.375), s(x + 0.006, 0.381), s(x + 0.006, 0.42)], fill=(250, 206, 140))
        d.rectangle([*s(0.40, 0.35), *s(0.74, 0.57)], fill=(120, 68, 54))
        d.rectangle([*s(0.395, 0.342), *s(0.745, 0.356)], fill=roof)
        d.rectangle([*s(0.53, 0.27), *s(0.60, 0.36)], fill=(126, 72, 58))
        d.polygon([s(0.524, 0.272), s(0.565, 0.225), s(0.606, 0.272)], fill=roof)
        d.ellipse([0.565 * w - 28, 0.31 * h - 28, 0.565 * w + 28, 0.31 * h + 28], fill=(236, 226, 204))
        d.line([(0.565 * w, 0.31 * h), (0.565 * w, 0.31 * h - 20)], fill=(50, 44, 44), width=5)
        d.line([(0.565 * w, 0.31 * h), (0.565 * w + 14, 0.31 * h + 8)], fill=(50, 44, 44), width=5)
        d.rectangle([*s(0.74, 0.43), *s(0.95, 0.57)], fill=dark)
        d.polygon([s(0.735, 0.432), s(0.845, 0.392), s(0.955, 0.432)], fill=roof)
        d.rectangle([*s(0.27, 0.48), *s(0.40, 0.57)], fill=(96, 56, 48))
        lit = [(255, 214, 130), (250, 196, 110), (246, 222, 160)]
        for row in range(4):
            for k in range(15):
                x, y = 0.412 + k * 0.0219, 0.372 + row * 0.047
                c = lit[rng.integers(0, 3)] if rng.random() < 0.62 else (62, 58, 72)
                d.rectangle([*s(x, y), *s(x + 0.012, y + 0.028)], fill=c)
                d.arc([*s(x - 0.001, y - 0.008), *s(x + 0.013, y + 0.01)], 180, 360, fill=(150, 94, 74), width=4)
        for k in range(8):
            d.rectangle([*s(0.073 + k * 0.0245, 0.455), *s(0.085 + k * 0.0245, 0.50)], fill=lit[rng.integers(0, 3)] if rng.random() < 0.7 else (60, 56, 70))
        for k in range(8):
            d.rectangle([*s(0.755 + k * 0.0245, 0.465), *s(0.766 + k * 0.0245, 0.495)], fill=lit[rng.integers(0, 3)] if rng.random() < 0.5 else (56, 52, 66))
        d.rectangle([*s(0.0, 0.558), *s(1, 0.58)], fill=(52, 44, 44))
    draw(img, works)
    rngs = np.random.default_rng(5)
    for cx, y0, n in [(0.302, 0.155, 26), (0.375, 0.245, 16)]:   # smoke
        for k in range(n):
            glow(img, cx + 0.006 * k + rngs.normal(0, 0.004), y0 - 0.005 * k + rngs.normal(0, 0.004), 0.012 + 0.0016 * k, (44, 38, 42), 0.55 * (1 - k / n), 1.3)
    ridge(img, rng, 0.585, 0.02, (40, 36, 34), trees=0.045)
    water(img, rng, 0.585, tint=(52, 48, 66), mix=0.22, ripple=0.8)
    top = ridge(img, rng, 1.06, 0.11, (24, 22, 22), first=2, rough=0.4)

    def reeds(d, _):
        for _i in range(420):
            x = rng.uniform(0, w) if rng.random() < 0.5 else rng.normal(0.85, 0.12) * w
            y = top[int(x) % w] + 20
            l, lean = rng.uniform(80, 300), rng.normal(8, 16)
            d.line([(x, y), (x + lean * 0.4, y - l * 0.6), (x + lean, y - l)], fill=(28, 25, 24), width=int(rng.integers(2, 6)))
            if l > 200:
                d.ellipse([x + lean - 7, y - l - 34, x + lean + 7, y - l + 18], fill=(46, 32, 24))
    draw(img, reeds)
    finish(img, rng, 'kombinat.jpg', size)


def night_train():
    size, rng = (1200, 750), np.random.default_rng(23)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (8, 14, 34)), (0.35, (22, 38, 70)), (0.6, (58, 78, 108)), (1, (58, 78, 108))])

    def stars(d, _):
        for _i in range(500):
            x, y, b = rng.uniform(0, w), rng.uniform(0, 0.5 * h), rng.uniform(0.3, 1)
            r = rng.uniform(0.6, 2.2)
            d.ellipse([x - r, y - r, x + r, y + r], fill=(int(200 * b), int(210 * b), int(230 * b)))
        d.ellipse([0.72 * w - 62, 0.17 * h - 62, 0.72 * w + 62, 0.17 * h + 62], fill=(248, 244, 226))
    draw(img, stars)
    moon = noise2(rng, h, w, (40, 60), 3)
    yy, xx = np.ogrid[:h, :w]
    disc = ((xx - 0.72 * w) ** 2 + (yy - 0.17 * h) ** 2 < 62 ** 2) * np.clip(moon - 0.45, 0, 1) * 1.2
    lay(img, disc, (190, 190, 186))
    glow(img, 0.72, 0.17, 0.30, (74, 82, 92), 1, 2.4)
    clouds(img, rng, 0.5, (92, 108, 138), 0.52, 0.72, (9, 2), 0.55)
    ridge(img, rng, 0.57, 0.24, (36, 52, 82), rough=0.48, haze=(78, 98, 126))
    ridge(img, rng, 0.60, 0.17, (24, 38, 62), rough=0.5, haze=(64, 84, 110), depth=0.2)
    ridge(img, rng, 0.625, 0.07, (14, 24, 40), haze=(40, 56, 78), trees=0.02, depth=0.15)

    def viaduct(d, _):
        s = lambda x, y: (x * w, y * h)
        stone, shade, lightc = (58, 62, 70), (38, 42, 52), (92, 98, 106)
        d.rectangle([*s(0, 0.452), *s(1, 0.484)], fill=stone)
        d.rectangle([*s(0, 0.448), *s(1, 0.455)], fill=lightc)
        n = 10
        for k in range(n + 1):
            x = k / n - 0.02
            d.polygon([s(x, 0.484), s(x + 0.03, 0.484), s(x + 0.034, 0.66), s(x - 0.004, 0.66)], fill=stone)
            d.polygon([s(x + 0.02, 0.484), s(x + 0.03, 0.484), s(x + 0.034, 0.66), s(x + 0.022, 0.66)], fill=lightc)
            d.polygon([s(x, 0.484), s(x + 0.008, 0.484), s(x + 0.006, 0.66), s(x - 0.004, 0.66)], fill=shade)
    draw(img, viaduct)
    # arches: what stands between the piers gets a round top
    for k in range(10):
        x0, x1 = k / 10 + 0.01, (k + 1) / 10 - 0.02
        cx, r = (x0 + x1) / 2 * w, (x1 - x0) / 2 * w
        spandrel = (yy > 0.484 * h) & (yy < 0.484 * h + r) & (np.abs(xx - cx) < r + 2) & ((xx - cx) ** 2 + (yy - 0.484 * h - r) ** 2 > (r - 1) ** 2)
        lay(img, spandrel.astype(float), (52, 56, 64))

    def train(d, _):
        s = lambda x, y: (x * w, y * h)
        d.rounded_rectangle([*s(0.80, 0.395), *s(0.93, 0.446)], 18, fill=(34, 58, 104))
        d.polygon([s(0.925, 0.395), s(0.945, 0.418), s(0.948, 0.446), s(0.90, 0.446)], fill=(34, 58, 104))
        d.polygon([s(0.924, 0.402), s(0.936, 0.418), s(0.92, 0.418), s(0.912, 0.402)], fill=(150, 176, 196))
        d.rectangle([*s(0.80, 0.425), *s(0.945, 0.430)], fill=(214, 190, 110))
        d.ellipse([*s(0.9405, 0.430), *s(0.947, 0.440)], fill=(255, 250, 220))
        for k in range(6):
            x1 = 0.795 - k * 0.127
            d.rounded_rectangle([*s(x1 - 0.122, 0.398), *s(x1, 0.446)], 12, fill=(28, 48, 90))
            d.rectangle([*s(x1 - 0.122, 0.432), *s(x1, 0.436)], fill=(190, 168, 98))
            for j in range(8):
                wx = x1 - 0.115 + j * 0.0138
                c = (255, 224, 150) if rng.random() < 0.72 else (72, 80, 98)
                d.rounded_rectangle([*s(wx, 0.408), *s(wx + 0.0095, 0.425)], 5, fill=c)
        for k in range(46):
            x = 0.04 + k * 0.0197
            d.ellipse([x * w - 9, 0.446 * h - 9, x * w + 9, 0.446 * h + 9], fill=(20, 22, 28))
    draw(img, train)
    glow(img, 0.955, 0.437, 0.11, (190, 170, 110), 0.8, 2.2)
    for k in range(6):
        glow(img, 0.735 - k * 0.127, 0.416, 0.07, (60, 44, 14), 0.7, 1.6)

    def houses(d, _):
        for x in (0.06, 0.085, 0.13, 0.52, 0.55, 0.585, 0.61, 0.66):
            y = 0.618 + rng.uniform(-0.006, 0.006)
            d.rectangle([x * w, y * h, x * w + 12, y * h + 10], fill=(255, 206, 120))
    draw(img, houses)
    water(img, rng, 0.64, tint=(16, 26, 46), mix=0.24, ripple=0.9)
    y0 = int(0.64 * h)
    sparkle = noise2(rng, h - y0, w, (80, 60), 3)
    gx = np.exp(-((np.arange(w) / w - 0.72) / 0.06) ** 2)[None]
    lay(img[y0:], np.clip((sparkle > 0.58) * gx * 0.55, 0, 1), (206, 212, 214))
    mist = noise2(rng, h, w, (14, 3), 4)
    band = np.exp(-((np.linspace(0, 1, h) - 0.645) / 0.025) ** 2)[:, None]
    lay(img, np.clip(mist * band * 0.75, 0, 1), (120, 138, 160))
    ridge(img, rng, 1.05, 0.1, (8, 12, 18), rough=0.4, trees=0.05)
    finish(img, rng, 'night-train.jpg', size, quality=82, grain=3.5)


def stanciya():
    size, rng = (1200, 750), np.random.default_rng(1840)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (72, 116, 176)), (0.3, (142, 176, 210)), (0.5, (244, 214, 192)), (1, (244, 214, 192))])
    clouds(img, rng, 0.42, (252, 240, 232), 0.52, 0.72, (8, 2), 0.8)
    for base, height, c, snow in [(0.56, 0.30, (126, 142, 176), (236, 222, 222)), (0.62, 0.24, (100, 120, 156), (246, 238, 236))]:
        top = ridge(img, rng, base, height, c, rough=0.56, first=3, haze=(214, 208, 214), depth=0.34)
        y = np.arange(h)[:, None]
        streak = noise2(rng, h, w, (30, 26), 5, 0.62)
        depth = (y - top[None]) / h
        m = np.clip(1.6 - depth * 9, 0, 1) * (streak > 0.42 + depth * 0.9) * (depth > 0)
        lay(img, np.clip(m * 0.9, 0, 1), snow)
    x = np.arange(w)
    y = np.arange(h)[:, None]
    for off, c, c2 in [(0.66, (202, 214, 232), (222, 226, 238)), (0.74, (224, 232, 242), (246, 246, 248))]:
        top = off * h + 0.05 * h * noise1(rng, w, 4, 0.4) - 0.03 * h * np.sin(x / w * 3 + off * 9)
        m = np.clip(y - top[None], 0, 1)
        f = noise2(rng, h, w, (18, 5), 5)[..., None]
        lay(img, m, np.asarray(c, float) * (1 - f) + np.asarray(c2, float) * f)

    def station(d, _):
        s = lambda a, b: (a * w, b * h)
        d.polygon([s(0.585, 0.79), s(0.83, 0.83), s(0.99, 0.86), s(0.80, 0.80)], fill=(176, 192, 218))   # shadow
        d.rectangle([*s(0.56, 0.62), *s(0.74, 0.79)], fill=(116, 78, 54))
        for k in range(9):
            d.line([s(0.56, 0.62 + k * 0.019), s(0.74, 0.62 + k * 0.019)], fill=(90, 60, 42), width=5)
        d.rectangle([*s(0.56, 0.62), *s(0.60, 0.79)], fill=(92, 62, 46))
        d.polygon([s(0.535, 0.63), s(0.59, 0.525), s(0.72, 0.525), s(0.765, 0.63)], fill=(240, 242, 248))
        d.polygon([s(0.535, 0.63), s(0.59, 0.525), s(0.60, 0.525), s(0.555, 0.63)], fill=(196, 208, 228))
        d.rectangle([*s(0.625, 0.66), *s(0.66, 0.715)], fill=(255, 214, 128))
        d.rectangle([*s(0.69, 0.66), *s(0.725, 0.715)], fill=(255, 206, 116))
        for a in (0.625, 0.69):
            d.line([s(a + 0.0175, 0.66), s(a + 0.0175, 0.715)], fill=(236, 236, 236), width=5)
            d.line([s(a, 0.685), s(a + 0.035, 0.685)], fill=(236, 236, 236), width=5)
            d.rectangle([*s(a - 0.003, 0.655), *s(a + 0.038, 0.718)], outline=(240, 240, 240), width=6)
        d.rectangle([*s(0.572, 0.68), *s(0.596, 0.79)], fill=(58, 74, 86))
        d.rectangle([*s(0.665, 0.475), *s(0.685, 0.53)], fill=(120, 70, 60))
        d.rectangle([*s(0.662, 0.468), *s(0.688, 0.48)], fill=(244, 246, 250))
        # mast with vane and guy ropes
        d.line([s(0.36, 0.82), s(0.36, 0.22)], fill=(62, 66, 72), width=9)
        for k in range(14):
            d.line([s(0.355, 0.30 + k * 0.037), s(0.365, 0.30 + k * 0.037)], fill=(62, 66, 72), width=5)
        for a in (0.25, 0.47):
            d.line([s(0.36, 0.30), s(a, 0.83)], fill=(96, 102, 112), width=3)
        d.line([s(0.335, 0.235), s(0.395, 0.225)], fill=(62, 66, 72), width=6)
        d.polygon([s(0.388, 0.212), s(0.41, 0.206), s(0.41, 0.238), s(0.388, 0.242)], fill=(168, 60, 48))
        # screen box on legs
        for a in (0.175, 0.215):
            d.line([s(a, 0.84), s(a, 0.74)], fill=(206, 206, 206), width=8)
        d.rectangle([*s(0.165, 0.665), *s(0.225, 0.745)], fill=(248, 248, 246))
        for k in range(7):
            d.line([s(0.168, 0.675 + k * 0.01), s(0.222, 0.675 + k * 0.01)], fill=(196, 202, 212), width=4)
        d.polygon([s(0.158, 0.667), s(0.195, 0.645), s(0.232, 0.667)], fill=(236, 240, 246))
        # fence and path
        for k in range(12):
            a = 0.08 + k * 0.035
            d.line([s(a, 0.86 + 0.003 * k), s(a, 0.80 + 0.003 * k)], fill=(120, 104, 92), width=7)
        d.line([s(0.08, 0.815), s(0.465, 0.848)], fill=(120, 104, 92), width=5)
        for k in range(24):
            a = k / 23
            px, py = 0.585 - 0.28 * a + 0.05 * np.sin(a * 5), 0.80 + 0.19 * a ** 1.2
            r = 6 + 10 * a
            for o in (-1, 1):
                d.ellipse([px * w + o * r * 1.6 - r, py * h + o * 6 - r * .6, px * w + o * r * 1.6 + r, py * h + o * 6 + r * .6], fill=(186, 200, 222))
    draw(img, station)
    for k in range(20):
        glow(img, 0.676 + 0.007 * k, 0.455 - 0.010 * k + 0.0002 * k * k, 0.010 + 0.0016 * k, (40, 34, 34), 0.6 * (1 - k / 20), 1.3)
    glow(img, 0.64, 0.69, 0.09, (50, 34, 6), 0.8)
    glow(img, 0.15, 0.46, 0.5, (46, 26, 8))
    finish(img, rng, 'stanciya.jpg', size)


def pereval():
    size, rng = (1200, 750), np.random.default_rng(6)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (66, 88, 140)), (0.25, (150, 140, 170)), (0.42, (244, 182, 142)), (0.5, (252, 216, 168)), (1, (252, 216, 168))])
    clouds(img, rng, 0.42, (255, 196, 160), 0.5, 0.7, (11, 2), 0.7)
    glow(img, 0.63, 0.47, 0.5, (70, 44, 16))

    def sun(d, _):
        d.ellipse([0.63 * w - 46, 0.455 * h - 46, 0.63 * w + 46, 0.455 * h + 46], fill=(255, 246, 214))
    draw(img, sun)
    n = 7
    for k in range(n):
        t = k / (n - 1)
        far, near = np.array((214, 166, 150)), np.array((26, 34, 54))
        c = far * (1 - t) ** 1.3 + near * (1 - (1 - t) ** 1.3)
        hz = np.array((248, 206, 172)) * (1 - t) + np.array((110, 116, 144)) * t
        ridge(img, rng, 0.53 + 0.075 * k, 0.13 + 0.035 * k, c, rough=0.5, first=2 + k % 2, haze=hz, depth=0.16 + 0.05 * t, trees=0.012 * max(0, k - 3))
        if k in (3, 4):
            m = noise2(rng, h, w, (8, 3), 5)
            band = np.exp(-((np.linspace(0, 1, h) - (0.62 + 0.06 * k)) / 0.05) ** 2)[:, None]
            lay(img, np.clip(m * band * 0.95, 0, 1), (226, 206, 206))
        if k == 4:
            def lights(d, _):
                for _i in range(70):
                    x, y = rng.normal(0.36, 0.055), rng.normal(0.835, 0.010)
                    r = rng.uniform(2.5, 5.5)
                    d.ellipse([x * w - r, y * h - r, x * w + r, y * h + r], fill=(255, 224, 150))
            draw(img, lights)
            glow(img, 0.36, 0.83, 0.13, (70, 50, 16), 0.8)
        if k == 4:
            lamps = img[int(0.79 * h):int(0.87 * h)].copy()
    y0 = int(0.79 * h)
    bright = np.clip((lamps.max(-1) - 228) / 20, 0, 1) * (np.abs(np.arange(w) / w - 0.36) < 0.16)[None]
    lay(img[y0:y0 + lamps.shape[0]], bright, (255, 226, 156))
    finish(img, rng, 'pereval.jpg', size)


def hall():
    size, rng = (1200, 750), np.random.default_rng(2120)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (96, 132, 178)), (0.35, (176, 194, 208)), (0.55, (248, 220, 184)), (1, (248, 220, 184))])
    clouds(img, rng, 0.55, (255, 240, 224), 0.45, 0.66, (7, 3), 0.85)
    clouds(img, rng, 0.4, (140, 148, 170), 0.54, 0.74, (9, 3), 0.4)
    ridge(img, rng, 0.60, 0.10, (142, 152, 140), haze=(214, 206, 184))
    ridge(img, rng, 0.615, 0.05, (98, 106, 80), haze=(160, 156, 122), trees=0.03)

    def tree(x, y, r, c, bare=False):
        def paint(d, _):
            d.polygon([((x - 0.006) * w, y * h), ((x + 0.006) * w, y * h), ((x + 0.003) * w, (y - r * 1.6) * h), ((x - 0.003) * w, (y - r * 1.6) * h)], fill=(66, 50, 40))
            for _i in range(900):
                a, q = rng.uniform(0, 2 * np.pi), np.sqrt(rng.uniform(0, 1))
                px, py = x + np.cos(a) * q * r * 0.62, y - r * 1.75 + np.sin(a) * q * r * 0.95
                s = rng.uniform(4, 17)
                k = 0.72 + 0.5 * rng.random() + 0.25 * (np.cos(a + 2.3) * q)
                d.ellipse([px * w - s, py * h - s * .8, px * w + s, py * h + s * .8], fill=tuple(int(min(255, v * k)) for v in c))
        draw(img, paint)
    tree(0.10, 0.66, 0.17, (176, 112, 46))
    tree(0.18, 0.65, 0.12, (190, 142, 58))
    tree(0.93, 0.66, 0.19, (150, 90, 44))
    tree(0.85, 0.64, 0.12, (118, 116, 58))

    def building(d, _):
        s = lambda a, b: (a * w, b * h)
        wall, wall2, roof, white = (164, 92, 70), (140, 78, 60), (128, 62, 44), (240, 234, 222)
        d.rectangle([*s(0.26, 0.47), *s(0.76, 0.68)], fill=wall)
        for k in range(26):
            y = 0.47 + k * 0.0081
            d.line([s(0.26, y), s(0.76, y)], fill=(150, 84, 64), width=2)
        d.polygon([s(0.235, 0.475), s(0.285, 0.30), s(0.735, 0.30), s(0.785, 0.475)], fill=roof)
        for k in range(16):                                           # courses of tiles
            t = k / 16
            y = 0.30 + 0.175 * t
            d.line([s(0.285 - 0.05 * t, y), s(0.735 + 0.05 * t, y)], fill=(150, 78, 54), width=4)
            for j in range(74):
                x = 0.285 - 0.05 * t + (0.45 + 0.1 * t) * (j + 0.5 * (k % 2)) / 74
                c = rng.uniform(0.86, 1.14)
                d.rectangle([x * w + 2, y * h + 5, x * w + (0.45 + 0.1 * t) * w / 74 - 2, y * h + 0.0095 * h], fill=(int(134 * c), int(66 * c), int(46 * c)))
        d.rectangle([*s(0.28, 0.293), *s(0.74, 0.305)], fill=(104, 50, 38))
        d.rectangle([*s(0.232, 0.472), *s(0.788, 0.482)], fill=white)
        d.rectangle([*s(0.355, 0.235), *s(0.385, 0.305)], fill=wall2)   # chimney
        d.rectangle([*s(0.350, 0.230), *s(0.390, 0.242)], fill=(110, 62, 50))
        # porch with a clock
        d.rectangle([*s(0.455, 0.48), *s(0.565, 0.68)], fill=wall2)
        d.polygon([s(0.435, 0.49), s(0.51, 0.36), s(0.585, 0.49)], fill=(120, 58, 42))
        d.polygon([s(0.45, 0.486), s(0.51, 0.383), s(0.57, 0.486)], fill=white)
        d.ellipse([0.51 * w - 32, 0.443 * h - 32, 0.51 * w + 32, 0.443 * h + 32], fill=(250, 248, 240), outline=(60, 50, 46), width=5)
        d.line([(0.51 * w, 0.443 * h), (0.51 * w + 2, 0.443 * h - 22)], fill=(40, 36, 34), width=5)
        d.line([(0.51 * w, 0.443 * h), (0.51 * w + 16, 0.443 * h + 2)], fill=(40, 36, 34), width=5)
        d.rectangle([*s(0.488, 0.55), *s(0.532, 0.68)], fill=(46, 84, 74))
        d.line([s(0.51, 0.55), s(0.51, 0.68)], fill=(34, 62, 56), width=4)
        for a in (0.295, 0.35, 0.405, 0.59, 0.645, 0.70):
            d.rectangle([*s(a - 0.003, 0.52), *s(a + 0.038, 0.632)], fill=white)
            d.rectangle([*s(a, 0.525), *s(a + 0.035, 0.628)], fill=(255, 212, 132))
            d.line([s(a + 0.0175, 0.525), s(a + 0.0175, 0.628)], fill=white, width=5)
            for q in (0.558, 0.592):
                d.line([s(a, q), s(a + 0.035, q)], fill=white, width=4)
        d.rectangle([*s(0.455, 0.672), *s(0.565, 0.69)], fill=(170, 164, 152))
    draw(img, building)
    for a in (0.31, 0.37, 0.42, 0.61, 0.66, 0.72):
        glow(img, a, 0.58, 0.05, (40, 26, 4), 0.7)
    # the green
    y = np.arange(h)[:, None]
    top = 0.68 * h + 0.006 * h * noise1(rng, w, 5)
    m = np.clip((y - top[None]) / 3, 0, 1)
    f = noise2(rng, h, w, (60, 40), 5)[..., None]
    t = np.clip((y - 0.68 * h) / (0.32 * h), 0, 1)[..., None]
    green = np.array((124, 132, 70)) * (1 - t) + np.array((70, 86, 42)) * t
    lay(img, m, green * (0.72 + 0.56 * f))

    def path(d, _):
        s = lambda a, b: (a * w, b * h)
        d.polygon([s(0.488, 0.688), s(0.534, 0.688), s(0.66, 1.0), s(0.42, 1.0)], fill=(190, 176, 150))
        for _i in range(2400):
            q = rng.random() ** 0.6
            a = 0.511 + (rng.random() - 0.5) * (0.046 + 0.19 * q) + 0.03 * q
            c = rng.uniform(0.8, 1.15)
            d.ellipse([a * w - 4, (0.69 + 0.31 * q) * h - 2, a * w + 4, (0.69 + 0.31 * q) * h + 3], fill=(int(186 * c), int(172 * c), int(146 * c)))
        for _i in range(900):
            a, q = rng.uniform(0, 1), rng.random() ** 0.7
            c = rng.uniform(0.7, 1.2)
            d.ellipse([a * w - 5, (0.70 + 0.3 * q) * h - 3, a * w + 5, (0.70 + 0.3 * q) * h + 3], fill=(int(180 * c), int(116 * c), int(48 * c)))
        # bench
        d.rectangle([*s(0.75, 0.765), *s(0.86, 0.775)], fill=(96, 70, 50))
        d.rectangle([*s(0.75, 0.735), *s(0.86, 0.745)], fill=(106, 78, 56))
        for a in (0.76, 0.85):
            d.rectangle([*s(a - 0.003, 0.735), *s(a + 0.003, 0.805)], fill=(54, 46, 42))
    draw(img, path)
    glow(img, 0.05, 0.5, 0.6, (44, 28, 8))
    finish(img, rng, 'hall.jpg', size)


def font(size, bold=False):
    return ImageFont.truetype(str(BOLD if bold else FONT), size)


def shema():
    """The map of the detour."""
    w, h = 1000, 640
    im = Image.new('RGB', (w * 2, h * 2), (246, 244, 236))
    d = ImageDraw.Draw(im)
    P = lambda *xy: [(x * 2, y * 2) for x, y in xy]

    def smooth(points, n=1200):
        p = np.array(points, float)
        t, tt = np.linspace(0, 1, len(p)), np.linspace(0, 1, n)
        xs, ys = np.interp(tt, t, p[:, 0]), np.interp(tt, t, p[:, 1])
        k = np.hanning(161) / np.hanning(161).sum()
        pad = lambda v: np.convolve(np.pad(v, 80, 'edge'), k, 'valid')
        return list(zip(pad(xs), pad(ys)))
    for x, y, rx, ry in [(150, 130, 130, 80), (820, 520, 150, 90), (560, 150, 90, 60), (240, 540, 120, 60)]:
        d.ellipse(P((x - rx, y - ry), (x + rx, y + ry)), fill=(224, 234, 212))
    def stroke(line, colour, width):  # round joints, which Pillow's line leaves open
        for x, y in np.array(line):
            r = width / 2
            d.ellipse((x * 2 - r, y * 2 - r, x * 2 + r, y * 2 + r), fill=colour)
    river = smooth([(-20, 420), (120, 380), (260, 340), (400, 350), (520, 330), (640, 280), (780, 290), (900, 250), (1020, 220)])
    stroke(river, (150, 196, 226), 88)
    stroke(river, (176, 212, 236), 74)
    road = smooth([(330, 660), (330, 500), (335, 420), (340, 345), (350, 260), (350, 150), (345, -20)])
    r31 = smooth([(300, 512), (360, 532), (480, 560), (640, 560), (790, 480), (865, 380), (872, 262), (850, 150), (700, 80), (520, 90), (380, 122), (316, 140)])
    for line, c, wd in [(r31, (150, 84, 20), 24), (road, (120, 112, 100), 22), (r31, (246, 178, 74), 16), (road, (252, 250, 244), 15)]:
        stroke(line, c, wd)
    ferry = [(118 + (170 - 118) * t, 440 + (318 - 440) * t) for t in np.linspace(0, 1, 15)]
    for a, b in list(zip(ferry, ferry[1:]))[::2]:
        d.line(P(a, b), fill=(32, 84, 140), width=8)
    d.ellipse(P((340 - 24, 345 - 24), (340 + 24, 345 + 24)), fill=(196, 32, 32))
    d.rectangle(P((340 - 15, 345 - 5), (340 + 15, 345 + 5)), fill=(255, 255, 255))
    for x, y, name, dx, dy, b in [(332, 470, 'Каменка', 22, -14, True), (348, 225, 'Лужки', 22, -12, False), (118, 446, 'Староозёрск', -60, 14, True), (172, 306, 'Заречье', -110, -12, False), (868, 320, 'Велгинск', 22, -12, True), (640, 560, 'Топорок', -36, 18, False)]:
        r = 9 if b else 7
        d.ellipse(P((x - r, y - r), (x + r, y + r)), fill=(255, 255, 255), outline=(40, 40, 40), width=6)
        d.text((x * 2 + dx * 2, y * 2 + dy * 2), name, font=font(44 if b else 38, b), fill=(32, 32, 32))
    d.text((560 * 2, 298 * 2), 'р. Велга', font=font(38), fill=(38, 92, 140))
    d.rounded_rectangle(P((690, 150 - 22), (762, 150 + 20)), 14, fill=(246, 178, 74), outline=(150, 84, 20), width=4)
    d.text((702 * 2, 133 * 2), 'Р-31', font=font(40, True), fill=(60, 34, 8))
    d.text((384 * 2, 386 * 2), 'мост: проезд свыше 12 т закрыт', font=font(36, True), fill=(150, 16, 16))
    d.rectangle(P((24, 24), (300, 118)), fill=(255, 255, 255), outline=(150, 150, 150), width=3)
    d.line(P((40, 48), (84, 48)), fill=(246, 178, 74), width=16)
    d.text((96 * 2, 34 * 2), 'объезд, 84 км', font=font(36), fill=(32, 32, 32))
    for a in range(40, 84, 16):
        d.line(P((a, 90), (a + 9, 90)), fill=(32, 84, 140), width=8)
    d.text((96 * 2, 76 * 2), 'паром', font=font(36), fill=(32, 32, 32))
    im.resize((w, h), Image.LANCZOS).convert('P', palette=Image.ADAPTIVE, colors=96).save(OUT / 'shema.png', optimize=True)


def sneg():
    """The chart of snow days."""
    w, h = 1000, 560
    rng = np.random.default_rng(9)
    im = Image.new('RGB', (w * 2, h * 2), (255, 255, 255))
    d = ImageDraw.Draw(im)
    years = np.arange(1986, 2026)
    days = 230 - 0.86 * (years - 1986) + rng.normal(0, 6, len(years))
    days[[0, 11, 25, 38, 39]] = [231, 224, 203, 196, 196]
    x = lambda y: 90 + (y - 1986) / 39 * 860
    yv = lambda v: 480 - (v - 160) / 90 * 400
    for v in range(160, 251, 20):
        d.line([(90 * 2, yv(v) * 2), (960 * 2, yv(v) * 2)], fill=(220, 224, 230), width=3)
        d.text((36 * 2, (yv(v) - 13) * 2), str(v), font=font(40), fill=(60, 66, 76))
    for y in range(1986, 2026, 6):
        d.text(((x(y) - 24) * 2, 494 * 2), str(y), font=font(40), fill=(60, 66, 76))
    pts = [(x(a) * 2, yv(b) * 2) for a, b in zip(years, days)]
    d.polygon([(pts[0][0], 960), *pts, (pts[-1][0], 960)], fill=(224, 236, 248))
    d.line(pts, fill=(24, 86, 150), width=8, joint='curve')
    for p in pts:
        d.ellipse([p[0] - 8, p[1] - 8, p[0] + 8, p[1] + 8], fill=(24, 86, 150))
    fit = np.polyfit(years, days, 1)
    d.line([(x(1986) * 2, yv(np.polyval(fit, 1986)) * 2), (x(2025) * 2, yv(np.polyval(fit, 2025)) * 2)], fill=(190, 60, 30), width=6)
    d.text((90 * 2, 24 * 2), 'Дни со снежным покровом, по зимам', font=font(46, True), fill=(30, 34, 40))
    im.resize((w, h), Image.LANCZOS).convert('P', palette=Image.ADAPTIVE, colors=64).save(OUT / 'sneg.png', optimize=True)


def trunk(d, x, y, top, width, colour):
    d.polygon([(x - width, y), (x + width, y), (x + width * 0.4, top), (x - width * 0.4, top)], fill=colour)


def crown(d, rng, x, y, rx, ry, colour, n=700, size=16):
    """Leaves of one tree, lighter towards the upper left."""
    for _i in range(n):
        a, q = rng.uniform(0, 2 * np.pi), np.sqrt(rng.uniform(0, 1))
        s = rng.uniform(0.3, 1) * size
        k = 0.74 + 0.4 * rng.random() + 0.22 * q * np.cos(a + 2.3)
        px, py = x + np.cos(a) * q * rx, y + np.sin(a) * q * ry
        d.ellipse([px - s, py - s * .8, px + s, py + s * .8], fill=tuple(int(min(255, v * k)) for v in colour))


def person(d, x, y, tall, coat, legs=(40, 40, 52), head=(222, 184, 158)):
    """A small standing figure; (x, y) is between its feet."""
    u = tall / 8
    for side in (-1, 1):
        d.polygon([(x, y - 4 * u), (x + side * 1.1 * u, y - 4 * u), (x + side * 1.5 * u, y), (x + side * 0.6 * u, y)], fill=legs)
    d.rounded_rectangle([x - 1.4 * u, y - 6.9 * u, x + 1.4 * u, y - 3.4 * u], u, fill=coat)
    d.ellipse([x - 0.75 * u, y - 8.4 * u, x + 0.75 * u, y - 6.8 * u], fill=head)


def shkola():
    """A village school among birches in autumn."""
    size, rng = (1200, 800), np.random.default_rng(1886)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (98, 144, 192)), (0.4, (186, 206, 218)), (0.62, (240, 228, 204)), (1, (240, 228, 204))])
    clouds(img, rng, 0.5, (250, 248, 242), 0.48, 0.68, (6, 3), 0.8)
    ridge(img, rng, 0.66, 0.07, (150, 134, 84), haze=(206, 190, 142), trees=0.03)
    s = lambda a, b: (a * w, b * h)

    def behind(d, _):
        for x, r, c in [(0.06, 0.10, (222, 168, 54)), (0.15, 0.08, (206, 138, 46)), (0.86, 0.09, (226, 176, 62)), (0.96, 0.11, (198, 122, 42))]:
            trunk(d, x * w, 0.72 * h, 0.42 * h, 12, (92, 76, 62))
            crown(d, rng, x * w, 0.42 * h, r * w, r * 2 * h, c)
    draw(img, behind)

    def house(d, _):
        wall, white = (168, 88, 66), (244, 238, 226)
        d.rectangle([*s(0.2, 0.36), *s(0.8, 0.72)], fill=wall)
        for k in range(48):
            d.line([s(0.2, 0.36 + k * 0.0075), s(0.8, 0.36 + k * 0.0075)], fill=(154, 80, 60), width=2)
        d.polygon([s(0.18, 0.365), s(0.25, 0.25), s(0.75, 0.25), s(0.82, 0.365)], fill=(92, 98, 104))
        for k in range(40):
            a = k / 39
            d.line([s(0.25 + 0.5 * a, 0.25), s(0.18 + 0.64 * a, 0.365)], fill=(78, 84, 90), width=3)
        for x in (0.31, 0.67):
            d.rectangle([*s(x, 0.2), *s(x + 0.025, 0.28)], fill=(136, 74, 58))
        for y in (0.362, 0.532):
            d.rectangle([*s(0.19, y), *s(0.81, y + 0.012)], fill=white)
        for row in (0.405, 0.575):
            for k in range(10):
                x = 0.225 + k * 0.0565
                if 0.44 < x + 0.02 < 0.56:
                    continue
                d.rectangle([*s(x - 0.005, row - 0.008), *s(x + 0.037, row + 0.102)], fill=white)
                d.rectangle([*s(x, row), *s(x + 0.032, row + 0.094)], fill=(108, 136, 158) if (k + row * 10) % 3 > 1 else (84, 108, 130))
                d.line([s(x + 0.016, row), s(x + 0.016, row + 0.094)], fill=white, width=6)
                d.line([s(x, row + 0.03), s(x + 0.032, row + 0.03)], fill=white, width=5)
        d.rectangle([*s(0.435, 0.36), *s(0.565, 0.72)], fill=(178, 98, 74))
        d.polygon([s(0.42, 0.365), s(0.5, 0.21), s(0.58, 0.365)], fill=white)
        d.polygon([s(0.434, 0.356), s(0.5, 0.232), s(0.566, 0.356)], fill=(178, 98, 74))
        d.ellipse([0.5 * w - 42, 0.31 * h - 42, 0.5 * w + 42, 0.31 * h + 42], fill=white)
        d.line([(0.5 * w, 0.31 * h), (0.5 * w, 0.31 * h - 30)], fill=(40, 40, 40), width=6)
        d.line([(0.5 * w, 0.31 * h), (0.5 * w + 20, 0.31 * h + 8)], fill=(40, 40, 40), width=6)
        d.rectangle([*s(0.452, 0.40), *s(0.548, 0.51)], fill=white)
        d.rectangle([*s(0.457, 0.407), *s(0.543, 0.503)], fill=(96, 122, 144))
        for k in (1, 2):
            d.line([s(0.457 + k * 0.0287, 0.407), s(0.457 + k * 0.0287, 0.503)], fill=white, width=6)
        d.rectangle([*s(0.43, 0.548), *s(0.57, 0.566)], fill=white)
        d.rectangle([*s(0.473, 0.59), *s(0.527, 0.72)], fill=(72, 98, 84))
        d.line([s(0.5, 0.59), s(0.5, 0.72)], fill=(52, 74, 62), width=5)
        for k in range(3):
            d.rectangle([*s(0.455 - k * 0.008, 0.715 + k * 0.01), *s(0.545 + k * 0.008, 0.726 + k * 0.01)], fill=(196 - 14 * k,) * 3)
    draw(img, house)
    y = np.arange(h)[:, None]
    t = np.clip((y / h - 0.72) / 0.28, 0, 1)[..., None]
    field = (np.array((150, 148, 78)) * (1 - t) + np.array((92, 98, 48)) * t) * (0.75 + 0.5 * noise2(rng, h, w, (60, 40), 5)[..., None])
    lay(img, np.clip((y - 0.725 * h) / 4, 0, 1) * np.ones((1, w)), field)

    def front(d, _):
        d.polygon([s(0.455, 0.745), s(0.545, 0.745), s(0.68, 1), s(0.32, 1)], fill=(194, 178, 148))
        for _i in range(3600):
            q = rng.random() ** 0.6
            x, c = rng.random(), rng.uniform(0.75, 1.15)
            r = 2 + 6 * q
            d.ellipse([x * w - r, (0.74 + 0.26 * q) * h - r * .5, x * w + r, (0.74 + 0.26 * q) * h + r * .5], fill=(int(222 * c), int((150 + 30 * rng.random()) * c), int(52 * c)))
        for x, b, c in [(0.475, 0.80, (186, 54, 48)), (0.505, 0.805, (52, 92, 140)), (0.56, 0.86, (236, 190, 70))]:
            person(d, x * w, b * h, 0.095 * h, c)
        for x, b in [(0.10, 0.88), (0.175, 0.84), (0.90, 0.90)]:    # birches
            trunk(d, x * w, b * h, 0.14 * h, 17, (236, 234, 226))
            for _i in range(26):
                y0 = rng.uniform(0.2, b - 0.02)
                d.line([(x * w - 12, y0 * h), (x * w + rng.uniform(-6, 10), y0 * h + 3)], fill=(62, 58, 54), width=5)
            crown(d, rng, x * w, 0.19 * h, 0.085 * w, 0.2 * h, (240, 192, 62), 620, 13)
    draw(img, front)
    glow(img, 0.2, 0.2, 0.7, (34, 24, 4))
    finish(img, rng, 'shkola.jpg', size, quality=66, grain=2)


def kombayn():
    """A combine harvester in a field at evening."""
    size, rng = (1200, 800), np.random.default_rng(640)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (84, 132, 184)), (0.3, (168, 196, 210)), (0.5, (252, 224, 168)), (1, (252, 224, 168))])
    clouds(img, rng, 0.48, (255, 242, 222), 0.47, 0.68, (7, 2), 0.85)
    glow(img, 0.82, 0.46, 0.5, (60, 40, 6))
    ridge(img, rng, 0.52, 0.06, (122, 140, 140), haze=(200, 196, 170))
    ridge(img, rng, 0.535, 0.03, (74, 94, 66), haze=(130, 134, 90), trees=0.03)
    y, x = np.mgrid[0:h, 0:w]
    t = np.clip((y / h - 0.53) / 0.47, 0, 1)
    rows = 0.5 + 0.5 * np.sin((x / w - 0.72) / (t + 0.05) * 70)
    grain = noise2(rng, h, w, (90, 60), 5)
    gold = np.array((228, 186, 94)) * (1 - t[..., None]) + np.array((188, 138, 52)) * t[..., None]
    lay(img, np.clip((y - 0.53 * h) / 4, 0, 1), gold * (0.78 + 0.14 * rows + 0.26 * grain)[..., None])
    for k in range(40):                                               # dust behind it
        glow(img, 0.66 + 0.008 * k + rng.normal(0, 0.01), 0.61 - 0.0016 * k + rng.normal(0, 0.012), 0.035 + 0.0022 * k, (30, 24, 14), 0.75 * (1 - k / 44), 1.2)
    s = lambda a, b: (a * w, b * h)

    def machine(d, _):
        red, dark, glass = (196, 44, 36), (150, 30, 28), (126, 168, 186)
        d.ellipse([*s(0.2, 0.765), *s(0.7, 0.80)], fill=(118, 84, 34))
        d.polygon([s(0.38, 0.47), s(0.64, 0.47), s(0.665, 0.55), s(0.655, 0.70), s(0.36, 0.70)], fill=red)
        d.polygon([s(0.36, 0.62), s(0.66, 0.62), s(0.655, 0.70), s(0.36, 0.70)], fill=dark)
        d.rectangle([*s(0.40, 0.425), *s(0.56, 0.472)], fill=(174, 38, 32))
        d.polygon([s(0.56, 0.44), s(0.58, 0.43), s(0.73, 0.36), s(0.735, 0.385), s(0.59, 0.46)], fill=(214, 62, 46))
        d.rectangle([*s(0.42, 0.53), *s(0.62, 0.56)], fill=(246, 236, 220))
        d.polygon([s(0.295, 0.455), s(0.38, 0.44), s(0.385, 0.61), s(0.31, 0.61)], fill=red)
        d.polygon([s(0.303, 0.47), s(0.372, 0.458), s(0.375, 0.56), s(0.314, 0.57)], fill=glass)
        d.polygon([s(0.303, 0.47), s(0.335, 0.465), s(0.33, 0.57), s(0.314, 0.57)], fill=(170, 204, 214))
        d.rectangle([*s(0.288, 0.435), *s(0.39, 0.452)], fill=(240, 234, 222))
        d.rectangle([*s(0.60, 0.41), *s(0.61, 0.47)], fill=(60, 58, 58))
        d.polygon([s(0.33, 0.62), s(0.36, 0.69), s(0.25, 0.77), s(0.22, 0.73)], fill=(120, 30, 28))
        d.polygon([s(0.13, 0.755), s(0.27, 0.70), s(0.28, 0.775), s(0.13, 0.79)], fill=(206, 58, 42))
        cx, cy, r = 0.165 * w, 0.725 * h, 0.062 * w
        for k in range(6):
            a = k * np.pi / 3 + 0.3
            d.line([(cx, cy), (cx + r * np.cos(a), cy + r * np.sin(a))], fill=(236, 206, 70), width=9)
            b = a + np.pi / 3
            d.line([(cx + r * np.cos(a), cy + r * np.sin(a)), (cx + r * np.cos(b), cy + r * np.sin(b))], fill=(236, 206, 70), width=11)
        for x0, y0, r0 in [(0.405, 0.705, 0.072), (0.61, 0.735, 0.046)]:
            for q, c in [(1, (40, 38, 38)), (0.62, (226, 190, 62)), (0.5, (206, 166, 46)), (0.16, (70, 64, 54))]:
                d.ellipse([(x0 - r0 * q) * w, y0 * h - r0 * q * w, (x0 + r0 * q) * w, y0 * h + r0 * q * w], fill=c)
            for k in range(22):
                a = k * 2 * np.pi / 22
                d.line([(x0 * w + r0 * .86 * w * np.cos(a), y0 * h + r0 * .86 * w * np.sin(a)), (x0 * w + r0 * w * np.cos(a + .08), y0 * h + r0 * w * np.sin(a + .08))], fill=(66, 62, 58), width=8)
    draw(img, machine)

    def ears(d, _):
        for _i in range(5200):
            q = rng.random() ** 0.55
            x0, y0 = rng.uniform(-0.02, 0.27 + 0.75 * max(0, q - 0.45)) * w, (0.76 + 0.27 * q) * h
            l, lean, c = (30 + 95 * q) * rng.uniform(0.7, 1.1), rng.normal(10, 9), rng.uniform(0.72, 1.18)
            d.line([(x0, y0), (x0 + lean, y0 - l)], fill=(int(206 * c), int(160 * c), int(70 * c)), width=3)
            d.ellipse([x0 + lean - 4 - 2 * q, y0 - l - 16 * q - 6, x0 + lean + 4 + 2 * q, y0 - l + 8], fill=(int(min(255, 236 * c)), int(192 * c), int(92 * c)))
    draw(img, ears)
    finish(img, rng, 'kombayn.jpg', size, quality=60, grain=1.5)


def hokkey():
    """An outdoor rink under lamps."""
    size, rng = (1200, 800), np.random.default_rng(43)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (14, 22, 50)), (0.3, (38, 56, 98)), (0.45, (96, 104, 136)), (1, (96, 104, 136))])
    ridge(img, rng, 0.45, 0.07, (24, 30, 46), haze=(70, 80, 104), trees=0.07)
    s = lambda a, b: (a * w, b * h)

    def stands(d, _):
        d.rectangle([*s(0, 0.40), *s(1, 0.50)], fill=(44, 48, 64))
        for row in range(4):
            for _i in range(62):
                x, y0 = rng.uniform(0, 1) * w, (0.405 + row * 0.022) * h
                c = [(150, 52, 50), (60, 84, 132), (182, 160, 90), (90, 108, 92), (130, 96, 130)][rng.integers(0, 5)]
                d.rounded_rectangle([x - 17, y0 + 14, x + 17, y0 + 60], 10, fill=c)
                d.ellipse([x - 11, y0 - 10, x + 11, y0 + 14], fill=(206, 172, 150))
    draw(img, stands)
    y, x = np.mgrid[0:h, 0:w]
    t = np.clip((y / h - 0.53) / 0.47, 0, 1)[..., None]
    ice = np.array((206, 222, 236)) * (1 - t) + np.array((232, 240, 246)) * t
    lay(img, np.clip((y - 0.53 * h) / 4, 0, 1), ice * (0.93 + 0.1 * noise2(rng, h, w, (5, 40), 5)[..., None]))

    def rink(d, _):
        d.rectangle([*s(0, 0.485), *s(1, 0.545)], fill=(244, 244, 240))
        d.rectangle([*s(0, 0.537), *s(1, 0.549)], fill=(236, 190, 60))
        d.rectangle([*s(0, 0.481), *s(1, 0.488)], fill=(40, 84, 150))
        for a, b in [(0.12, 'ТКАЧ'), (0.40, 'ПРЯДИЛЬНОЕ'), (0.80, 'ЮНОСТЬ')]:
            d.text(s(a, 0.49), b, font=font(58, True), fill=(160, 36, 40))
        d.polygon([s(0.46, 0.549), s(0.485, 0.549), s(0.42, 1), s(0.36, 1)], fill=(206, 66, 66))
        d.ellipse([*s(0.18, 0.66), *s(0.70, 0.88)], outline=(70, 110, 176), width=12)
        for _i in range(260):
            a, b, l = rng.uniform(0, 1) * w, rng.uniform(0.57, 1) * h, rng.uniform(30, 190)
            d.line([(a, b), (a + l, b + rng.normal(0, 18))], fill=(246, 250, 252), width=2)
        for a in (0.845, 0.965):                                      # the goal
            d.line([s(a, 0.56), s(a, 0.665)], fill=(200, 36, 40), width=14)
        d.line([s(0.845, 0.56), s(0.965, 0.56)], fill=(200, 36, 40), width=14)
        for k in range(1, 12):
            d.line([s(0.845 + k * 0.01, 0.562), s(0.845 + k * 0.01, 0.66)], fill=(250, 250, 250), width=2)
        for k in range(1, 9):
            d.line([s(0.845, 0.56 + k * 0.012), s(0.965, 0.56 + k * 0.012)], fill=(250, 250, 250), width=2)
    draw(img, rink)

    def player(d, x, y0, u, colour, face, lean, stick):
        """A skater; u is an eighth of the height, face 1 looks right."""
        P = lambda a, b: (x + face * a * u, y0 - b * u)
        d.ellipse([x - 2.6 * u, y0 - 0.2 * u, x + 2.8 * u, y0 + 0.5 * u], fill=(176, 196, 214))
        d.line([P(1.6 + lean, 4.4), P(*stick)], fill=(96, 66, 40), width=int(u * .24) + 2)
        d.line([P(*stick), P(stick[0] + 0.9, stick[1])], fill=(30, 30, 34), width=int(u * .32) + 2)
        for foot, knee in [(1.5, 1.3), (-1.7, -0.3)]:
            d.line([P(0, 3.6), P(knee, 2), P(foot, 0.35)], fill=(30, 34, 52), width=int(u * 1.1), joint='curve')
            d.line([P(knee, 2), P(foot, 0.4)], fill=colour, width=int(u * 0.9))
            d.rectangle([min(P(foot - .5, 0)[0], P(foot + .9, 0)[0]), y0 - 0.6 * u, max(P(foot - .5, 0)[0], P(foot + .9, 0)[0]), y0], fill=(24, 24, 28))
        d.polygon([P(-1, 3.4), P(1, 3.2), P(1.7 + lean, 6.3), P(-0.6 + lean, 6.7)], fill=colour)
        d.line([P(-0.4, 4.2), P(1.3, 4.0)], fill=(246, 246, 246), width=int(u * .35))
        d.line([P(0.7 + lean, 6.0), P(2.1 + lean, 5.0), P(1.6 + lean, 4.3)], fill=colour, width=int(u * 0.95), joint='curve')
        cx, cy = P(0.9 + lean, 7.3)
        d.ellipse([cx - .8 * u, cy - .8 * u, cx + .8 * u, cy + .8 * u], fill=(226, 190, 164))
        d.pieslice([cx - .95 * u, cy - 1.0 * u, cx + .95 * u, cy + .85 * u], 175, 365, fill=colour)

    def game(d, _):
        player(d, 0.895 * w, 0.685 * h, 19, (40, 84, 160), -1, 0.2, (2.8, 0.2))
        player(d, 0.16 * w, 0.66 * h, 17, (190, 36, 40), 1, 0.5, (3.2, 0.1))
        player(d, 0.72 * w, 0.665 * h, 18, (190, 36, 40), -1, 0.4, (3.0, 0.1))
        player(d, 0.36 * w, 0.90 * h, 43, (196, 34, 40), 1, 0.9, (4.2, 0.1))
        player(d, 0.62 * w, 0.885 * h, 41, (38, 80, 160), -1, 0.9, (3.9, 0.1))
        d.ellipse([0.487 * w - 17, 0.905 * h - 8, 0.487 * w + 17, 0.905 * h + 9], fill=(16, 16, 18))
    draw(img, game)
    for a in (0.09, 0.36, 0.64, 0.91):
        draw(img, lambda d, _: (d.rectangle([a * w - 7, 0.13 * h, a * w + 7, 0.48 * h], fill=(30, 34, 46)), d.rectangle([a * w - 62, 0.10 * h, a * w + 62, 0.135 * h], fill=(255, 250, 226))))
        glow(img, a, 0.12, 0.15, (150, 136, 96), 0.9, 2.4)
        glow(img, a, 0.62, 0.2, (20, 18, 10))
    snowfall(img, rng, 420, 5)
    finish(img, rng, 'hokkey.jpg', size, quality=70, grain=2)


def teatr():
    """The stage of a small theatre."""
    size, rng = (1200, 800), np.random.default_rng(1873)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (20, 32, 66)), (0.5, (62, 94, 142)), (0.72, (152, 178, 204)), (1, (152, 178, 204))])
    s = lambda a, b: (a * w, b * h)

    def scenery(d, _):
        d.ellipse([0.68 * w - 90, 0.24 * h - 90, 0.68 * w + 90, 0.24 * h + 90], fill=(250, 244, 216))
        for k in range(22):                                           # the painted firs, none like another
            x, b, tall = 0.16 + 0.68 * ((k * 0.381) % 1), 0.70 + 0.03 * (k / 22), rng.uniform(0.2, 0.42)
            if 0.42 < x < 0.58:
                tall *= 0.55
            c = rng.uniform(0.7, 1.15)
            for j in range(4):
                wd, top, base = tall * (0.10 + 0.055 * j), b - tall * (1 - 0.22 * j), b - tall * (0.62 - 0.19 * j)
                d.polygon([s(x, top), s(x - wd, base), s(x + wd, base)], fill=(int(34 * c), int(76 * c), int(80 * c)))
                d.line([s(x - wd, base), s(x, top), s(x + wd * 0.3, (top + base) / 2)], fill=(206, 224, 236), width=6)
    draw(img, scenery)
    y, x = np.mgrid[0:h, 0:w]
    planks = 0.86 + 0.2 * ((np.floor((x / w - 0.5) / (0.2 + (y / h - 0.7) * 1.4) * 9) % 2) * 0.3 + noise2(rng, h, w, (60, 8), 4))
    lay(img, np.clip((y - 0.715 * h) / 4, 0, 1), np.array((150, 104, 68)) * planks[..., None])
    glow(img, 0.5, 0.80, 0.24, (120, 116, 110), 1, 1.1)
    beam = np.clip(1 - np.abs(x / w - (0.30 + 0.20 * y / (0.8 * h))) / (0.02 + 0.10 * y / (0.8 * h)), 0, 1) * (y < 0.83 * h)
    img += (beam ** 1.2)[..., None] * np.array((74, 70, 56))

    def girl(d, _):
        X, b = 0.5, 0.835
        d.ellipse([*s(X - 0.09, b - 0.014), *s(X + 0.09, b + 0.02)], fill=(112, 84, 66))
        d.polygon([s(X - 0.024, 0.53), s(X + 0.024, 0.53), s(X + 0.07, b), s(X - 0.07, b)], fill=(240, 246, 252))
        for k in range(-3, 4):
            d.line([s(X + k * 0.005, 0.57), s(X + k * 0.019, b)], fill=(206, 220, 236), width=5)
        d.rectangle([*s(X - 0.07, b - 0.022), *s(X + 0.07, b)], fill=(120, 160, 206))
        for side in (-1, 1):
            d.line([s(X + side * 0.02, 0.545), s(X + side * 0.06, 0.60), s(X + side * 0.092, 0.55)], fill=(240, 246, 252), width=42, joint='curve')
            d.ellipse([*s(X + side * 0.095 - 0.009, 0.53), *s(X + side * 0.095 + 0.009, 0.557)], fill=(236, 202, 178))
        d.rectangle([*s(X - 0.008, 0.50), *s(X + 0.008, 0.535)], fill=(226, 190, 166))
        d.ellipse([*s(X - 0.021, 0.44), *s(X + 0.021, 0.51)], fill=(240, 206, 182))
        d.pieslice([*s(X - 0.024, 0.434), *s(X + 0.024, 0.505)], 180, 360, fill=(196, 152, 86))
        d.polygon([s(X - 0.034, 0.462), s(X - 0.026, 0.40), s(X, 0.375), s(X + 0.026, 0.40), s(X + 0.034, 0.462), s(X, 0.448)], fill=(150, 190, 228))
        for k in range(5):
            a = X - 0.024 + k * 0.012
            d.ellipse([a * w - 7, 0.448 * h - 7, a * w + 7, 0.448 * h + 7], fill=(255, 255, 255))
        d.line([s(X + 0.016, 0.49), s(X + 0.026, 0.56), s(X + 0.022, 0.64)], fill=(196, 152, 86), width=17, joint='curve')
        for e in (-0.008, 0.008):
            d.ellipse([(X + e) * w - 4, 0.475 * h - 5, (X + e) * w + 4, 0.475 * h + 5], fill=(40, 50, 70))
        d.arc([*s(X - 0.007, 0.482), *s(X + 0.007, 0.496)], 20, 160, fill=(176, 70, 70), width=5)
    draw(img, girl)
    # the curtains, folded
    fold = 0.62 + 0.38 * np.sin(x / w * 150 + 3 * np.sin(y / h * 3)) ** 2
    edge = 0.135 + 0.05 * (1 - y / h) ** 2 + 0.03 * np.cos(y / h * 5)
    side = np.clip((edge - np.minimum(x / w, 1 - x / w)) * 500, 0, 1) * (y < 0.86 * h)
    lay(img, side, np.array((158, 24, 34)) * fold[..., None])
    swag = 0.11 + 0.055 * np.abs(np.sin(x / w * np.pi * 4))
    lay(img, np.clip((swag - y / h) * 400, 0, 1), np.array((176, 30, 38)) * (0.6 + 0.4 * np.sin(y / h * 190 + 2 * np.cos(x / w * np.pi * 8)) ** 2)[..., None])
    lay(img, np.clip(1 - np.abs(swag - y / h) * 130, 0, 1), (226, 180, 84))
    lay(img, np.clip((y - 0.86 * h) / 3, 0, 1) * np.ones((1, w)), np.array((70, 40, 30)))
    lay(img, (np.abs(y / h - 0.868) < 0.006) * 1.0, (214, 168, 84))

    def heads(d, _):
        for row in range(2):
            for k in range(17):
                a, b = (k + 0.5 * row + rng.uniform(-0.15, 0.15)) / 16.5 * w, (0.945 + row * 0.055) * h
                r, c = 40 + row * 12 + rng.uniform(-4, 4), (22 - 6 * row, 18 - 5 * row, 26 - 6 * row)
                d.ellipse([a - r, b - r * 1.25, a + r, b + r], fill=c)
                d.rounded_rectangle([a - r * 1.9, b + r * 0.6, a + r * 1.9, b + r * 4], 40, fill=c)
    draw(img, heads)
    finish(img, rng, 'teatr.jpg', size, quality=72, grain=2.5)


def kotelnaya():
    """A boiler house on a winter evening, bales of flax straw before it."""
    size, rng = (1500, 900), np.random.default_rng(1974)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (44, 66, 112)), (0.35, (112, 124, 160)), (0.58, (238, 176, 138)), (1, (238, 176, 138))])
    clouds(img, rng, 0.55, (236, 190, 172), 0.5, 0.72, (6, 3), 0.6)
    glow(img, 0.16, 0.58, 0.5, (70, 44, 10))
    ridge(img, rng, 0.62, 0.06, (92, 96, 122), haze=(206, 160, 146), trees=0.05)
    ridge(img, rng, 0.66, 0.03, (58, 64, 84), haze=(150, 128, 134), trees=0.075)
    s = lambda a, b: (a * w, b * h)
    y, x = np.mgrid[0:h, 0:w]
    # Smoke drifts to the right and thins out.
    rise = np.clip((x / w - 0.315) / 0.5, 0, 1)
    middle = 0.13 - 0.07 * rise ** 0.6
    width = 0.012 + 0.075 * rise
    smoke = np.clip(1 - np.abs(y / h - middle + 0.05 * (noise2(rng, h, w, (8, 10), 5) - 0.5)) / width, 0, 1)
    lay(img, smoke * (x / w > 0.312) * (1 - rise) ** 0.8 * 0.85, (236, 216, 210))

    def house(d, _):
        wall, dark, lit = (146, 82, 66), (112, 62, 52), (255, 212, 128)
        d.polygon([s(0.287, 0.74), s(0.343, 0.74), s(0.328, 0.12), s(0.302, 0.12)], fill=(154, 94, 78))
        d.polygon([s(0.315, 0.74), s(0.343, 0.74), s(0.328, 0.12), s(0.315, 0.12)], fill=(120, 70, 60))
        for a, b in [(0.12, 0.15), (0.22, 0.25), (0.32, 0.35)]:
            d.polygon([s(0.302 - a * 0.022, a), s(0.328 + a * 0.022, a), s(0.328 + b * 0.022, b), s(0.302 - b * 0.022, b)], fill=(226, 214, 208))
        d.rectangle([*s(0.36, 0.47), *s(0.80, 0.76)], fill=wall)
        for k in range(40):
            d.line([s(0.36, 0.47 + k * 0.00725), s(0.80, 0.47 + k * 0.00725)], fill=(132, 74, 60), width=2)
        d.rectangle([*s(0.74, 0.56), *s(0.90, 0.76)], fill=dark)
        d.polygon([s(0.345, 0.475), s(0.36, 0.43), s(0.80, 0.43), s(0.815, 0.475)], fill=(228, 232, 242))
        d.polygon([s(0.735, 0.565), s(0.75, 0.535), s(0.895, 0.535), s(0.915, 0.565)], fill=(216, 222, 236))
        for k in range(6):
            a = 0.385 + k * 0.058
            d.rectangle([*s(a - 0.004, 0.516), *s(a + 0.040, 0.684)], fill=(228, 214, 202))
            d.rectangle([*s(a, 0.522), *s(a + 0.036, 0.678)], fill=lit)
            for q in (0.012, 0.024):
                d.line([s(a + q, 0.522), s(a + q, 0.678)], fill=(150, 96, 60), width=5)
            for q in (0.574, 0.626):
                d.line([s(a, q), s(a + 0.036, q)], fill=(150, 96, 60), width=5)
        d.rectangle([*s(0.79, 0.62), *s(0.86, 0.76)], fill=(62, 74, 88))
        d.line([s(0.825, 0.62), s(0.825, 0.76)], fill=(40, 50, 60), width=5)
        d.ellipse([*s(0.817, 0.578), *s(0.833, 0.603)], fill=(255, 236, 176))
    draw(img, house)
    for a in range(6):
        glow(img, 0.403 + a * 0.058, 0.6, 0.055, (60, 40, 8))
    glow(img, 0.825, 0.59, 0.09, (90, 66, 20))
    t = np.clip((y / h - 0.75) / 0.25, 0, 1)[..., None]
    snow = (np.array((206, 190, 204)) * (1 - t) + np.array((150, 160, 198)) * t) * (0.88 + 0.2 * noise2(rng, h, w, (20, 14), 5)[..., None])
    lay(img, np.clip((y - (0.752 + 0.006 * noise1(rng, w, 6)[None]) * h) / 4, 0, 1), snow)
    for a in range(6):
        glow(img, 0.403 + a * 0.058, 0.80, 0.045, (66, 46, 12), 0.7)

    def yard(d, _):
        def bale(a, b, r):
            k = rng.uniform(0.9, 1.06)
            d.rounded_rectangle([a * w - r * 1.5, b * h - 2 * r, a * w + r * 0.8, b * h], r * 0.7, fill=tuple(int(v * k) for v in (138, 118, 84)))
            d.ellipse([a * w - r * 0.2, b * h - 2 * r, a * w + r * 1.8, b * h], fill=tuple(int(v * k) for v in (196, 172, 124)))
            for q in (0.78, 0.55, 0.3):
                d.ellipse([a * w + r * (0.8 - q), b * h - r * (1 + q), a * w + r * (0.8 + q), b * h - r * (1 - q)], outline=(150, 128, 88), width=4)
            d.polygon([(a * w - r * 1.4, b * h - 1.75 * r), (a * w - r * 0.9, b * h - 2.06 * r), (a * w + r * 1.1, b * h - 2.06 * r), (a * w + r * 1.5, b * h - 1.7 * r), (a * w + r * 0.6, b * h - 1.86 * r)], fill=(226, 226, 238))
        r = 0.062 * h
        for a in (0.09, 0.165, 0.24):
            bale(a, 0.865, r)
        for a in (0.127, 0.203):
            bale(a, 0.865 - 1.9 * r / h, r)
        for a, b in [(0.05, 0.97), (0.14, 0.985)]:
            bale(a, b, r * 1.25)
        d.polygon([s(0.79, 0.762), s(0.86, 0.762), s(0.78, 1), s(0.60, 1)], fill=(186, 172, 186))
        for a in (0.665, 0.735):
            d.line([s(0.80 + (a - 0.665) * 0.6, 0.765), s(a - 0.03, 1)], fill=(132, 124, 146), width=12)
        person(d, 0.70 * w, 0.90 * h, 0.15 * h, (62, 78, 112))
        person(d, 0.745 * w, 0.895 * h, 0.145 * h, (156, 74, 52))
    draw(img, yard)
    snowfall(img, rng, 260, 3)
    finish(img, rng, 'kotelnaya.jpg', size, quality=70, grain=2)


def reka():
    """A river that freezes, with rime on the woods."""
    size, rng = (1200, 800), np.random.default_rng(22)
    h, w = canvas(size)
    img = gradient(h, w, [(0, (126, 158, 192)), (0.3, (198, 206, 218)), (0.46, (250, 226, 206)), (1, (250, 226, 206))])
    clouds(img, rng, 0.45, (250, 244, 240), 0.48, 0.7, (8, 2), 0.7)
    glow(img, 0.62, 0.42, 0.35, (56, 40, 16))
    ridge(img, rng, 0.46, 0.09, (162, 176, 194), haze=(224, 218, 218))
    ridge(img, rng, 0.475, 0.05, (178, 190, 206), haze=(226, 228, 234), trees=0.04)
    ridge(img, rng, 0.49, 0.03, (120, 138, 158), haze=(206, 214, 224), trees=0.085)
    water(img, rng, 0.49, tint=(36, 62, 88), mix=0.34, ripple=0.5)
    y, x = np.mgrid[0:h, 0:w]
    t = np.clip((y / h - 0.49) / 0.51, 0, 1)
    mid = 0.60 - 0.20 * t + 0.07 * np.sin(t * 5)
    wide = 0.05 + 0.30 * t
    rag = (noise2(rng, h, w, (14, 9), 5) - 0.5) * (0.05 + 0.16 * t)
    off = np.abs(x / w - mid + rag) - wide
    snow = np.array((232, 238, 246)) * (0.86 + 0.2 * noise2(rng, h, w, (30, 12), 5))[..., None]
    lay(img, np.clip(off * 180, 0, 1) * (y > 0.49 * h) * 0.55, (176, 200, 220))
    lay(img, np.clip((off - 0.03 - 0.03 * t) * 160, 0, 1) * (y > 0.49 * h), snow)

    def floes(d, _):
        for _i in range(46):
            q = rng.uniform(0.05, 0.98)
            a = 0.60 - 0.20 * q + 0.07 * np.sin(q * 5) + rng.uniform(-0.75, 0.75) * (0.05 + 0.28 * q)
            r = (8 + 80 * q) * rng.uniform(0.4, 1)
            pts = [(a * w + r * np.cos(p) * rng.uniform(0.8, 1.15), (0.49 + 0.51 * q) * h + r * 0.3 * np.sin(p) * rng.uniform(0.8, 1.15)) for p in np.linspace(0, 6.1, 11)]
            d.polygon([(u, v + 3 + 5 * q) for u, v in pts], fill=(128, 160, 186))
            d.polygon(pts, fill=(226, 236, 244))
    draw(img, floes)

    def reeds(d, _):
        for _i in range(520):
            left = rng.random() < 0.55
            a, b = (rng.uniform(-0.01, 0.16), rng.uniform(0.82, 1.03)) if left else (rng.uniform(0.86, 1.01), rng.uniform(0.74, 0.95))
            l, lean, c = rng.uniform(60, 230), rng.normal(12, 18), rng.uniform(0.75, 1.1)
            d.line([(a * w, b * h), (a * w + lean * .4, b * h - l * .6), (a * w + lean, b * h - l)], fill=(int(176 * c), int(164 * c), int(146 * c)), width=int(rng.integers(2, 6)))
            if l > 165:
                d.ellipse([a * w + lean - 8, b * h - l - 34, a * w + lean + 8, b * h - l + 14], fill=(226, 224, 224))
    draw(img, reeds)
    finish(img, rng, 'reka.jpg', size, quality=70, grain=2)


ALL = {'parom': parom, 'kombinat': kombinat, 'night-train': night_train, 'stanciya': stanciya, 'pereval': pereval, 'hall': hall, 'shema': shema, 'sneg': sneg,
       'shkola': shkola, 'kombayn': kombayn, 'hokkey': hokkey, 'teatr': teatr, 'reka': reka, 'kotelnaya': kotelnaya}
EDITION = {'shkola', 'kombayn', 'hokkey', 'teatr', 'reka', 'kotelnaya'}  # those of edition/, painted into its img/

if __name__ == '__main__':
    unknown = [n for n in sys.argv[1:] if n not in ALL]
    if unknown:
        sys.exit(f'no picture named {unknown[0]}; there are: {", ".join(ALL)}')
    for name in sys.argv[1:] or ALL:
        OUT = HERE / 'edition' / 'img' if name in EDITION else HERE / 'img'
        OUT.mkdir(exist_ok=True)
        ALL[name]()
        print(name)
