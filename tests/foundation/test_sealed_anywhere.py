"""Sealed files read from any place: the same bytes, and none of a chunk that was altered."""

import os
import zipfile

import pytest
from django.core.files.storage import default_storage

from foundation.seal import SealBroken
from foundation.sealed_anywhere import Part, SealedAnywhere
from foundation.sealed_files import CHUNK_BYTES, HEADER_BYTES, SealedWriter

KEY = bytes(range(32))
SIZES = [CHUNK_BYTES, 1, CHUNK_BYTES * 2 + 17]


@pytest.fixture
def parts(tmp_path, settings):
    """Three sealed objects, and what they are together."""
    settings.MEDIA_ROOT = tmp_path
    content, made = b"", []
    for number, size in enumerate(SIZES):
        name, clear = f"sealed/{tmp_path.name}/{number}", os.urandom(size)
        writer = SealedWriter(name, KEY)
        writer.write(clear)
        writer.close()
        made.append(Part(name, size))
        content += clear
    yield made, content
    for part in made:
        default_storage.delete(part.name)


def test_any_place_of_several_objects_is_read(parts):
    made, content = parts
    with SealedAnywhere(made, KEY) as file:
        assert file.size == len(content)
        for at in (0, CHUNK_BYTES - 3, CHUNK_BYTES, CHUNK_BYTES + 1, len(content) - 5, 12):
            file.seek(at)
            read = b"".join(iter(lambda: file.read(4), b"")) if at > len(content) - 100 else file.read(3)
            assert read == content[at : at + len(read)]
        assert file.seek(-1, os.SEEK_END) == len(content) - 1
        assert file.read() == content[-1:]
        assert file.read(10) == b""
        file.seek(len(content) + 10)
        assert file.read(1) == b""


def test_a_zip_is_opened_from_its_end(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    writer = SealedWriter("sealed/x/zip", KEY)
    plain = tmp_path / "a.zip"
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", "isi")
    writer.write(plain.read_bytes())
    size = writer.close().size
    with zipfile.ZipFile(SealedAnywhere([Part("sealed/x/zip", size)], KEY)) as archive:
        assert archive.read("a.txt") == b"isi"


def test_an_altered_chunk_does_not_open_and_the_others_do(parts):
    made, content = parts
    last = made[-1]
    with default_storage.open(last.name, "rb") as file:
        sealed = bytearray(file.read())
    sealed[HEADER_BYTES + CHUNK_BYTES + 16 + 5] ^= 1
    with default_storage.open(last.name, "wb") as file:
        file.write(sealed)
    start = sum(SIZES[:2])
    with SealedAnywhere(made, KEY) as file:
        file.seek(start)
        assert file.read(8) == content[start : start + 8]
        file.seek(start + CHUNK_BYTES + 1)
        with pytest.raises(SealBroken):
            file.read(1)


def test_a_file_that_was_cut_at_a_chunk_is_not_the_whole_one(parts):
    made, _content = parts
    short = Part(made[-1].name, CHUNK_BYTES)
    with SealedAnywhere([short], KEY) as file, pytest.raises(SealBroken):
        file.read(1)
