"""Cards of invented people, rendered, and what a scanner or a telephone makes of them. Pure."""

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

SIZE = (1012, 638)  # ID-1 at 300 dots per inch
PAPER, INK, PHOTO = (196, 219, 236), (28, 30, 34), (178, 74, 66)
NAMES = ("SEKAR UMPAMA", "GALIH MISALNYA", "BUDI CONTOH", "DEWI UMPAMA", "SURYA CONTOH", "ANDI MISAL")


def invented_nik(random: Random) -> str:
    """A NIK that can be, with a serial number that nobody has."""
    day = random.randint(1, 28) + random.choice((0, 40))
    return (
        f"64740{random.randint(1, 3)}{day:02d}{random.randint(1, 12):02d}{random.randint(50, 99)}"
        f"{random.randint(9000, 9999)}"
    )


def card(nik: str, random: Random) -> Image.Image:
    """A card with this NIK."""
    made = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(made)
    draw.text((506, 34), "PROVINSI KALIMANTAN TIMUR", INK, ImageFont.load_default(30), anchor="mm")
    draw.text((506, 72), "KOTA BONTANG", INK, ImageFont.load_default(30), anchor="mm")
    draw.text((32, 112), "NIK", INK, ImageFont.load_default(40))
    draw.text((240, 108), f": {nik}", INK, ImageFont.load_default(46))
    for at, (title, text) in enumerate(_lines(random)):
        draw.text((32, 184 + at * 35), title, INK, ImageFont.load_default(24))
        draw.text((240, 184 + at * 35), f": {text}", INK, ImageFont.load_default(24))
    draw.rectangle((784, 160, 976, 420), fill=PHOTO)
    draw.text((880, 470), "BONTANG", INK, ImageFont.load_default(22), anchor="mm")
    return made


def _lines(random: Random) -> list[tuple[str, str]]:
    number = random.randint(1, 99)
    return [
        ("Nama", random.choice(NAMES)),
        ("Tempat/Tgl Lahir", f"BONTANG, {random.randint(1, 28):02d}-08-19{random.randint(50, 99)}"),
        ("Jenis kelamin", "LAKI-LAKI"),
        ("Alamat", f"JL. CONTOH NO. {number}"),
        ("RT/RW", f"{number % 20:03d}/{number % 9:03d}"),
        ("Kel/Desa", "BONTANG KUALA"),
        ("Kecamatan", "BONTANG UTARA"),
        ("Agama", "ISLAM"),
        ("Status Perkawinan", "KAWIN"),
        ("Pekerjaan", "NELAYAN"),
        ("Kewarganegaraan", "WNI"),
        ("Berlaku Hingga", "SEUMUR HIDUP"),
    ]


def _tilted(made: Image.Image) -> Image.Image:
    return made.rotate(8, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def _on_a_page(made: Image.Image) -> Image.Image:
    page = Image.new("RGB", (1240, 1754), "white")
    page.paste(made.resize((680, 429), Image.Resampling.BICUBIC), (280, 240))
    return page


def _small(made: Image.Image) -> Image.Image:
    return made.resize((320, 202), Image.Resampling.BICUBIC)


def _shadowed(made: Image.Image) -> Image.Image:
    shade = Image.linear_gradient("L").rotate(90).resize(made.size).point(lambda level: 40 + level * 3 // 4)
    return Image.composite(made, Image.new("RGB", made.size, "black"), shade)


SPOILT: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean": lambda made: made,
    "tilted by 8°": _tilted,
    "on its side": lambda made: made.rotate(90, expand=True),
    "upside down": lambda made: made.rotate(180),
    "blurred": lambda made: made.filter(ImageFilter.GaussianBlur(4)),
    "very blurred": lambda made: made.filter(ImageFilter.GaussianBlur(8)),
    "dark": lambda made: ImageEnhance.Brightness(made).enhance(0.2),
    "half in shadow": _shadowed,
    "small": _small,
    "small on a page": _on_a_page,
}


def as_jpeg(picture: Image.Image) -> bytes:
    """As what is looked at is kept."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()
