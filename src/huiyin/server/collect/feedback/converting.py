"""One recording made into MP3, in a process of its own: `python -m huiyin.server.collect.feedback.converting SOURCE TARGET FORMAT`.

A recording comes from outside and FFmpeg is a large piece of C. So whoever reads it holds no secret, no database and no network name, may
take neither more memory nor more time than is set here before the first byte is read, and opens nothing but the file it was given: the
format is named, never guessed (a guessed play list could lead to other files). Prints the seconds it wrote.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 1 << 30
LONGEST = 4 * 3600
"""Seconds of sound. A call is shorter; a file that claims more is an attack or a mistake."""
LARGEST = 400 << 20
"""Bytes of MP3; above what the longest sound takes."""
PROCESSOR = 600
DAMAGED, TOO_LONG = 3, 4
"""How the process ends where it wrote nothing of use."""
_NARROW, _WIDE = 16_000, 24_000
_BIT_RATE = 40_000
"""Of one channel; speech over a telephone has no more in it."""


class TooLong(Exception):  # noqa: N818
    """More sound than anybody listens to."""


def convert(source: str, target: str, form: str) -> float:
    """Write the sound of a file as MP3, speakers on their own channels staying apart; gives the seconds written.

    Parts that cannot be decoded are left out: of a damaged recording what is whole can be heard.

    Raises:
        ValueError: there is no sound in it. TooLong: there is more than `LONGEST`.
    """
    import av

    with open(source, "rb") as given, av.open(given, format=form) as read, av.open(target, "w", format="mp3") as written:
        if not read.streams.audio:
            raise ValueError("no sound")
        sound = read.streams.audio[0]
        rate = _NARROW if (sound.rate or 0) <= _NARROW else _WIDE
        layout = "stereo" if sound.channels and sound.channels > 1 else "mono"
        stream: Any = written.add_stream("libmp3lame", rate=rate, layout=layout)
        stream.bit_rate = _BIT_RATE * (2 if layout == "stereo" else 1)
        resampler = av.AudioResampler(format="s16p", layout=layout, rate=rate)
        samples = 0
        for frame in _frames(read, sound):
            for even in resampler.resample(frame):
                samples += even.samples
                if samples > LONGEST * rate:
                    raise TooLong
                even.pts = None
                written.mux(stream.encode(even))
        if not samples:
            raise ValueError("no sound")
        for even in resampler.resample(None):
            even.pts = None
            written.mux(stream.encode(even))
        written.mux(stream.encode(None))
    return samples / rate


def _frames(read: Any, sound: Any) -> Iterator[Any]:
    """What can be decoded, with the holes left out."""
    import av

    packets = read.demux(sound)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.FFmpegError):
            return
        try:
            for frame in packet.decode():
                frame.pts = None
                yield frame
        except av.FFmpegError:
            continue


def main(source: str, target: str, form: str) -> int:
    """The process."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        print(convert(source, target, form))
    except TooLong:
        return TOO_LONG
    except (ValueError, OSError, MemoryError) as error:
        print(error, file=sys.stderr)
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
