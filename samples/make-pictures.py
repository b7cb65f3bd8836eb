#!/usr/bin/env python3
"""Paints the pictures of the sample pages into img/. Needs numpy, Pillow and a font with Cyrillic letters.

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


ALL = {'parom': parom, 'kombinat': kombinat, 'night-train': night_train, 'stanciya': stanciya, 'pereval': pereval, 'hall': hall, 'shema': shema, 'sneg': sneg}

if __name__ == '__main__':
    OUT.mkdir(exist_ok=True)
    unknown = [n for n in sys.argv[1:] if n not in ALL]
    if unknown:
        sys.exit(f'no picture named {unknown[0]}; there are: {", ".join(ALL)}')
    for name in sys.argv[1:] or ALL:
        ALL[name]()
        print(name)
