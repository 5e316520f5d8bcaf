"""Files that somebody who wishes us ill would send as a photo: what each is called, and its bytes.

MARK stands wherever a file can carry something of its own.
"""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, PngImagePlugin

MARK = b"<script>alert('evil')</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + MARK + b"</svg>"
HTML = b"<!DOCTYPE html><html>" + MARK + b"</html>"
PHP = b"<?php system($_GET['c']); ?>" + MARK
EXE = b"MZ\x90\x00" + b"\x00" * 60 + MARK
ELF = b"\x7fELF\x02\x01\x01" + MARK
Hostile = tuple[str, Callable[[], bytes]]


def saved(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, how.pop("colour", "red")).save(out, kind, **how)
    return out.getvalue()


def zipped(size: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.html", MARK + b"\x00" * size)
    return out.getvalue()


def exif() -> Any:
    """Where it was taken, by whom, and a thumbnail of what was cut away."""
    found = Image.Exif()
    found[0x010E] = MARK.decode()
    found[0x013B] = "Anna, Chaussée de Louvain 41"
    gps = found.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (50.0, 43.0, 1.0), "E", (4.0, 36.0, 42.0)
    return found


def chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width: int, height: int, *more: bytes, rows: bytes | None = None, lace: int = 0,
        depth: int = 8, colour: int = 0) -> bytes:  # fmt: skip
    """A PNG of any size that it says it has, however little is in it."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, lace)
    data = zlib.compress(b"\x00" * 100 if rows is None else rows, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(more) + chunk(
        b"IDAT", data
    ) + chunk(b"IEND", b"")  # fmt: skip


def bomb() -> bytes:
    """Sixty megapixels of nothing, in sixty kilobytes: just within what is taken."""
    packer, width, height = zlib.compressobj(9), 10_000, 5_990
    row = b"\x00" * (width * 4 + 1)
    data = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(*segments: bytes, after: bytes = b"") -> bytes:
    plain = saved("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:] + after


def jpeg_sized(width: int, height: int) -> bytes:
    """A JPEG whose head lies about its size."""
    plain = bytearray(saved("JPEG"))
    at = plain.index(b"\xff\xc0") + 5
    plain[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(plain)


def many_scans() -> bytes:
    """A progressive JPEG that repeats its last pass two thousand times."""
    plain = saved("JPEG", (1500, 1500), progressive=True)
    last = plain.rindex(b"\xff\xda")
    scan = plain[last:-2]
    return plain[:last] + scan * 2000 + b"\xff\xd9"


def frames(kind: str, count: int, size: tuple[int, int] = (200, 200)) -> bytes:
    images = [Image.new("RGB", size, (n % 256, 0, 0)) for n in range(count)]
    out = io.BytesIO()
    images[0].save(out, kind, save_all=True, append_images=images[1:], duration=10, loop=0)
    return out.getvalue()


def mpo() -> bytes:
    """A phone's picture with a second one behind it, which has a text of its own."""
    images = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    images[0].save(out, "MPO", save_all=True, append_images=images[1:])
    return out.getvalue() + MARK


def gif_screen(width: int, height: int) -> bytes:
    plain = bytearray(saved("GIF", mode="P", colour=1))
    plain[6:10] = struct.pack("<HH", width, height)
    at = plain.index(b",", 13)
    plain[at + 5 : at + 9] = struct.pack("<HH", width, height)
    return bytes(plain)


def png_text(name: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    if name == "itxt":
        info.add_itxt("XML:com.adobe.xmp", MARK.decode() * 10, zip=True)
    else:
        info.add_text("Comment", MARK.decode(), zip=name == "ztxt")
    return saved("PNG", pnginfo=info)


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n" + MARK
XMP = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + MARK)
IPTC = segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04" + MARK)
ROWS = b"\x00" * 41 * 30  # of a grey picture of 40 by 30
ZEROS = zlib.compress(b"\x00" * 60_000_000, 9)

HOSTILE: dict[str, Hostile] = {
    # what it is not
    "a page as a JPEG": ("x.jpg", lambda: HTML),
    "a page as a PNG": ("x.png", lambda: HTML),
    "a page as a GIF": ("x.gif", lambda: b"GIF89a" + HTML),
    "a drawing with a script as a JPEG": ("x.jpg", lambda: SVG),
    "a drawing with a script as a PNG": ("x.png", lambda: SVG),
    "a drawing with a script": ("x.svg", lambda: SVG),
    "a packed drawing": ("x.svgz", lambda: zlib.compress(SVG)),
    "a page": ("x.html", lambda: HTML),
    "a page by its old ending": ("x.htm", lambda: HTML),
    "a page in XHTML": ("x.xhtml", lambda: HTML),
    "a script": ("x.js", lambda: b"alert(1)" + MARK),
    "an entity of outside": (
        "x.xml",
        lambda: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>' + MARK,
    ),
    "a program as a JPEG": ("x.jpg", lambda: EXE),
    "a program as a PNG": ("x.png", lambda: ELF),
    "a program": ("x.exe", lambda: EXE),
    "a program behind a picture's ending": ("x.jpg.exe", lambda: EXE),
    "a server's script": ("x.php", lambda: PHP),
    "a server's script as a JPEG": ("x.php.jpg", lambda: PHP),
    "an archive as a JPEG": ("x.jpg", zipped),
    "an archive": ("x.zip", zipped),
    "a page as a document": ("x.pdf", lambda: HTML),
    "a picture as a document": ("x.pdf", lambda: saved("JPEG")),
    "a document as a picture": ("x.jpg", lambda: b"%PDF-1.7\n" + MARK),
    "a program as an office document": ("x.docx", lambda: EXE),
    "a page as a sheet": ("x.xlsx", lambda: HTML),
    "bytes as text": ("x.txt", lambda: b"a\x00b" + MARK),
    "sixteen bits as CSV": ("x.csv", lambda: "=1+1;é".encode("utf-16") + MARK),
    "PostScript as a JPEG": ("x.jpg", lambda: EPS),
    "PostScript": ("x.eps", lambda: EPS),
    "another kind as a JPEG (BMP)": ("x.jpg", lambda: saved("BMP") + MARK),
    "another kind as a JPEG (TIFF)": ("x.jpg", lambda: saved("TIFF") + MARK),
    "another kind as a PNG (ICO)": ("x.png", lambda: saved("ICO", (32, 32)) + MARK),
    "another kind as a PNG (PSD)": ("x.png", lambda: b"8BPS\x00\x01" + MARK),
    "another kind as a JPEG (HEIC)": ("x.jpg", lambda: b"\x00\x00\x00\x18ftypheic" + MARK),
    "another kind (HEIC)": ("x.heic", lambda: b"\x00\x00\x00\x18ftypheic" + MARK),
    "another kind as a PNG (AVIF)": ("x.png", lambda: b"\x00\x00\x00\x1cftypavif" + MARK),
    # two things at once
    "a JPEG and a page": ("x.jpg", lambda: saved("JPEG") + HTML),
    "a JPEG and an archive": ("x.jpg", lambda: saved("JPEG") + zipped(5_000_000)),
    "a PNG and a page": ("x.png", lambda: saved("PNG") + HTML),
    "a PNG and a server's script": ("x.png", lambda: saved("PNG") + PHP),
    "a GIF and an archive": ("x.gif", lambda: saved("GIF") + zipped()),
    "a GIF that is a script too": ("x.gif", lambda: b"GIF89a/*" + saved("GIF")[8:] + b"*/" + MARK),
    "a WebP and a page": ("x.webp", lambda: saved("WEBP") + HTML),
    "a second picture behind the first": ("x.jpg", mpo),
    # what comes along
    "a comment": ("x.jpg", lambda: jpeg_with(segment(0xFE, MARK))),
    "a server's script as a comment": ("x.jpg", lambda: jpeg_with(segment(0xFE, PHP))),
    "a place and a name": ("x.jpg", lambda: saved("JPEG", exif=exif())),
    "a place in a PNG": ("x.png", lambda: saved("PNG", exif=exif())),
    "a place in a WebP": ("x.webp", lambda: saved("WEBP", exif=exif())),
    "Adobe's words": ("x.jpg", lambda: jpeg_with(XMP)),
    "the press's words": ("x.jpg", lambda: jpeg_with(IPTC)),
    "a colour profile": ("x.jpg", lambda: saved("JPEG", icc_profile=MARK * 10)),
    "sixty comments": ("x.jpg", lambda: jpeg_with(*[segment(0xFE, MARK * 2000)] * 60)),
    "a text in a PNG": ("x.png", lambda: png_text("text")),
    "a packed text in a PNG": ("x.png", lambda: png_text("ztxt")),
    "Adobe's words in a PNG": ("x.png", lambda: png_text("itxt")),
    "a comment in a GIF": ("x.gif", lambda: saved("GIF", comment=MARK)),
    # too much
    "a text that swells": (
        "x.png", lambda: png(40, 30, chunk(b"zTXt", b"Comment\x00\x00" + ZEROS), rows=ROWS)
    ),
    "a profile that swells": (
        "x.png", lambda: png(40, 30, chunk(b"iCCP", b"x\x00\x00" + ZEROS), rows=ROWS)
    ),
    "rows that swell": ("x.png", lambda: png(40, 30, rows=b"\x00" * 60_000_000)),
    "sixty megapixels of nothing": ("x.png", bomb),
    "more than sixty megapixels": ("x.png", lambda: png(60_001, 1_001)),
    "as wide as can be said": ("x.png", lambda: png(2**31 - 1, 2**31 - 1)),
    "one pixel high": ("x.png", lambda: png(2**31 - 1, 1)),
    "no width": ("x.png", lambda: png(0, 10)),
    "laced and large": ("x.png", lambda: png(60_000, 60_000, lace=1)),
    "sixteen bits and large": ("x.png", lambda: png(7_700, 7_700, depth=16, colour=6)),
    "a JPEG that says it is large": ("x.jpg", lambda: jpeg_sized(65_500, 65_500)),
    "a JPEG that says it is rather large": ("x.jpg", lambda: jpeg_sized(7_700, 7_700)),
    "a GIF that says it is large": ("x.gif", lambda: gif_screen(65_535, 65_535)),
    "a WebP as large as can be": (
        "x.webp",
        lambda: saved("WEBP", (16_383, 4_000), colour="blue", lossless=True, quality=0, method=0),
    ),
    "passes without end": ("x.jpg", many_scans),
    "five hundred frames": ("x.gif", lambda: frames("GIF", 500)),
    "frames of a PNG": ("x.png", lambda: frames("PNG", 50)),
    "frames of a WebP": ("x.webp", lambda: frames("WEBP", 50)),
    # too little
    "nothing but a head (JPEG)": ("x.jpg", lambda: b"\xff\xd8\xff\xe0"),
    "nothing but a head (PNG)": ("x.png", lambda: b"\x89PNG\r\n\x1a\n"),
    "one byte": ("x.jpg", lambda: b"\xff"),
    "half a JPEG": ("x.jpg", lambda: saved("JPEG", (900, 900))[:2000]),
    "half a PNG": ("x.png", lambda: saved("PNG", (900, 900))[:300]),
    "half a GIF": ("x.gif", lambda: saved("GIF", (900, 900))[:100]),
    "half a WebP": ("x.webp", lambda: saved("WEBP", (900, 900))[:60]),
    "a wrong checksum": ("x.png", lambda: saved("PNG")[:-16] + b"\x00" * 16),
    "a million zeros": ("x.jpg", lambda: b"\x00" * 1_000_000),
    "a million of anything": ("x.png", lambda: os.urandom(1_000_000)),
    # names
    "a name that climbs": ("../../../../etc/cron.d/x.jpg", lambda: saved("JPEG") + MARK),
    "a name of another disk": ("C:\\windows\\x.jpg", lambda: saved("JPEG") + MARK),
    "a name with a script": ('"><img src=x onerror=alert(1)>.jpg', lambda: saved("JPEG") + MARK),
    "a name that reads backwards": ("gpj.\u202eexe.jpg", lambda: saved("JPEG") + MARK),
    "a name of dots": ("....jpg", lambda: saved("JPEG") + MARK),
    "a name of a header": ("x.jpg\r\nX-Evil: 1", lambda: saved("JPEG") + MARK),
    "no ending": ("x", lambda: saved("JPEG") + MARK),
}  # fmt: skip
