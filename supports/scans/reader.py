"""The reader of cards: a process of its own that is given pictures of ours and says which NIK stands on them.

``reading`` starts it with ``python -m supports.scans.reader``. It knows no key and no database, has one thread, the
lowest priority and a limit of memory, and gives each picture so many seconds of processor. The models lie in the
wheel; nothing is asked of a network. Messages as of ``supports.scans.inspector``. Pure: no Django.
"""

import io
import os
import sys
from contextlib import suppress
from typing import Any

import cv2
import numpy as np
from PIL import Image
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError

from foundation.attachments.inspector import limit_myself
from supports.scans.card_nik import nik_on
from supports.scans.inspector import allow_some_more, read_message, write_message

MEMORY_BYTES, CPU_SECONDS = 3 * 1024**3, 60
LEAST_LINES = 4
SURE_OF_DIRECTION = 0.8
ONE_THREAD = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Global.log_level": "critical",
}


class Reader:
    """The models, loaded once."""

    def __init__(self) -> None:
        self._engine = RapidOCR(params=ONE_THREAD)

    def read(self, picture: bytes, *, card: bool) -> dict[str, Any]:
        """Whether a picture lies on its side or upside down, and of a card its NIK where it is beyond doubt."""
        image = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))[:, :, ::-1]
        prepared, record = self._engine.preprocess_img(image)
        try:
            crops, found = self._engine.detect_and_crop(prepared, record)
        except RapidOCRError:  # no line was found
            return {"turned": False, "nik": None}
        upright, said = self._engine.cls_and_rotate(crops)
        turned = _is_turned(found.boxes, said.cls_res)
        return {"turned": turned, "nik": self._nik(upright) if card else None}

    def _nik(self, lines: list[Any]) -> str | None:
        read = self._engine.recognize_txt(lines)
        return nik_on(zip(read.txts or (), read.scores or (), strict=True))


def _is_turned(boxes: Any, directions: Any) -> bool:
    """Whether most lines stand upright on their side, or on their head."""
    if len(boxes) < LEAST_LINES:
        return False
    wrong = 0
    for box, (label, score) in zip(boxes, directions, strict=True):
        across, down = np.ptp(np.asarray(box), axis=0)
        wrong += bool(down > 1.5 * across or ("180" in label and score >= SURE_OF_DIRECTION))
    return 2 * wrong > len(boxes)


def main() -> int:
    """Answer until nothing more is asked."""
    limit_myself(cpu=False, memory=MEMORY_BYTES)
    with suppress(OSError):
        os.nice(19)
    cv2.setNumThreads(1)
    reader = Reader()
    while message := read_message(sys.stdin.buffer):
        allow_some_more(CPU_SECONDS)
        told, (picture,) = message
        try:
            answer = reader.read(picture, card=told["card"])
        except (OSError, ValueError, MemoryError, RuntimeError, RapidOCRError):
            answer = {"turned": False, "nik": None}
        write_message(sys.stdout.buffer, answer, [])
    return 0


if __name__ == "__main__":
    sys.exit(main())
