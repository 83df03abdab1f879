"""What telephone systems record is played in a browser: AMR, 3GP, GSM and the laws of G.711 become MP3, hostile files become a plain sentence."""

from __future__ import annotations

import array
import io
import math
import struct
import subprocess
import sys
import wave
from pathlib import Path

import av
import pytest

from huiyin.server.collect.feedback import converting, playing
from huiyin.server.collect.feedback.attachments import path_of, stray_files_drop
from huiyin.server.collect.feedback.models import Attachment, Inbox
from huiyin.server.collect.feedback.services import forget_payloads
from huiyin.server.collect.sources.transcripts.recordings import media_type_of
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.running import drain
from tests.server_collect.test_transcripts import TEXT, taken

RATE = 8000


def encoded(codec: str, container: str, layout: str = "mono", seconds: float = 1.0) -> bytes:
    """A tone of 440 Hz as a telephone system would write it."""
    out, channels = io.BytesIO(), 2 if layout == "stereo" else 1
    samples = array.array("h", [int(9000 * math.sin(math.tau * 440 * one / RATE)) for one in range(int(RATE * seconds)) for _ in range(channels)])
    frame = av.AudioFrame(format="s16", layout=layout, samples=int(RATE * seconds))
    frame.sample_rate = RATE
    frame.planes[0].update(samples.tobytes())
    with av.open(out, "w", format=container) as written:
        stream = written.add_stream(codec, rate=RATE, layout=layout)
        if codec.endswith("amrnb"):
            stream.bit_rate = 12200
        even = av.AudioResampler(format=stream.format.name, layout=layout, rate=RATE, frame_size=stream.frame_size or None)
        for one in [*even.resample(frame), *even.resample(None)]:
            one.pts = None
            written.mux(stream.encode(one))
        written.mux(stream.encode(None))
    return out.getvalue()


def gsm(seconds: float = 1.0) -> bytes:
    return (b"\xd0" + bytes(32)) * int(seconds * 50)


def gsm_wav(seconds: float = 1.0) -> bytes:
    """WAV around GSM, after a chunk of the recorder's own notes, as some exchanges write it."""
    body = bytes(65) * int(seconds * 25)
    form = struct.pack("<HHIIHHHH", 0x31, 1, RATE, 1625, 65, 0, 2, 320)
    chunks = b"bext" + struct.pack("<I", 602) + bytes(602) + b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


KINDS = {
    "amr": (encoded("libopencore_amrnb", "amr"), "amr", "audio/amr", "mono"),
    "3gp": (encoded("libopencore_amrnb", "3gp"), "3gp", "audio/3gpp", "mono"),
    "mu-law": (encoded("pcm_mulaw", "wav"), "wav", "audio/vnd.wave;codec=7", "mono"),
    "a-law": (encoded("pcm_alaw", "wav", "stereo"), "wav", "audio/vnd.wave;codec=6", "stereo"),
    "gsm": (gsm(), "gsm", "audio/gsm", "mono"),
    "gsm in wav": (gsm_wav(), "wav", "audio/vnd.wave;codec=31", "mono"),
}


def tone(content: bytes) -> float:
    """The strongest frequency of a sound, in Hz, by counting how often it crosses zero."""
    with av.open(io.BytesIO(content)) as read:
        rate = read.streams.audio[0].rate
        samples = [one for frame in read.decode(audio=0) for one in frame.to_ndarray()[0].tolist()]
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    return sum(1 for one, two in zip(middle, middle[1:], strict=False) if one < 0 <= two) * rate / len(middle)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_what_browsers_do_not_play_becomes_mp3_and_stays_to_be_fetched(kind, hotline, django_capture_on_commit_callbacks):
    content, ending, media_type, layout = KINDS[kind]
    with django_capture_on_commit_callbacks(execute=True):
        taken(hotline(), {"C-1.txt": TEXT, f"C-1.{ending}": content})
    (recording,) = Attachment.objects.all()
    assert (recording.media_type, recording.player_state) == (media_type, "done")
    assert path_of(recording.file).read_bytes() == content
    with av.open(str(path_of(recording.player))) as played:
        sound = played.streams.audio[0]
        assert (sound.codec_context.name.startswith("mp3"), sound.layout.name) == (True, layout)
        assert 0.9 < played.duration / av.time_base < 1.3
    if "gsm" not in kind:
        assert abs(tone(path_of(recording.player).read_bytes()) - 440) < 15
    assert oct(path_of(recording.player).stat().st_mode)[-3:] == "600"


def test_plain_samples_and_common_files_are_left_as_they_are() -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setparams((1, 2, RATE, 0, "NONE", ""))
        written.writeframes(bytes(100))
    for head in (out.getvalue(), b"ID3\x04", b"OggS", b"\x00\x00\x00\x20ftypM4A "):
        known = media_type_of(head)
        assert known and not playing.needs_copy(known[0])
    assert media_type_of(b"\xd0" + bytes(100)) is None


@pytest.mark.django_db
def test_a_damaged_one_says_so_and_the_next_is_still_made(hotline, django_capture_on_commit_callbacks):
    whole = KINDS["amr"][0]
    with django_capture_on_commit_callbacks(execute=True):
        taken(
            hotline(),
            {
                "C-1.txt": TEXT,
                "C-1.amr": b"#!AMR\n" + b"\xff" * 400,
                "C-2.txt": TEXT.replace("C-1", "C-2"),
                "C-2.amr": whole[: len(whole) // 2],
            },
        )
    found = {Inbox.objects.get(pk=one.inbox_id).external_id: one for one in Attachment.objects.all()}
    assert (found["C-1"].player_state, found["C-1"].player_trouble, found["C-1"].player) == ("failed", "damaged", "")
    assert found["C-2"].player_state == "done"
    assert len(list(path_of("").rglob("*.mp3"))) == 1


def converted(tmp_path: Path, content: bytes, form: str, **limits: int) -> tuple[int, Path]:
    source, target = tmp_path / "in", tmp_path / "out.mp3"
    source.write_bytes(content)
    code = "import sys\nfrom huiyin.server.collect.feedback import converting\n"
    code += "".join(f"converting.{name} = {value}\n" for name, value in limits.items())
    code += "sys.exit(converting.main(*sys.argv[1:4]))"
    done = subprocess.run([sys.executable, "-c", code, str(source), str(target), form], capture_output=True, timeout=120, check=False)
    return done.returncode, target


def test_more_sound_than_anybody_hears_is_refused(tmp_path):
    assert converted(tmp_path, gsm(30), "gsm", LONGEST=10)[0] == converting.TOO_LONG


def test_a_process_that_takes_too_much_ends(tmp_path):
    status, _target = converted(tmp_path, gsm(3600), "gsm", PROCESSOR=1)
    assert playing._TROUBLES[status] == "too_slow"
    status, target = converted(tmp_path, gsm(600), "gsm", LARGEST=20_000)
    assert status != 0 and target.stat().st_size <= 20_000
    assert converted(tmp_path, gsm(10), "gsm", MEMORY=60 << 20)[0] != 0


def test_a_play_list_leads_nowhere(tmp_path):
    secret = tmp_path / "secret.wav"
    secret.write_bytes(KINDS["mu-law"][0])
    for text in (f"ffconcat version 1.0\nfile {secret}\n", f"#EXTM3U\n#EXTINF:1,\n{secret}\n"):
        for form in sorted(set(playing._FORMS.values()) - {"gsm"}):
            assert converted(tmp_path, text.encode(), form)[0] == converting.DAMAGED


@pytest.mark.django_db
def test_the_copy_goes_with_its_voice_and_is_no_stray(hotline, django_capture_on_commit_callbacks, monkeypatch):
    from datetime import timedelta

    with django_capture_on_commit_callbacks(execute=True):
        taken(hotline(), {"C-1.txt": TEXT, "C-1.amr": KINDS["amr"][0]})
    monkeypatch.setattr("huiyin.server.collect.feedback.attachments._STRAY_AFTER", timedelta(seconds=-5))
    assert stray_files_drop() == 0
    (recording,) = Attachment.objects.all()
    assert path_of(recording.player).is_file()
    with django_capture_on_commit_callbacks(execute=True):
        Inbox.objects.update(state="done", received_at="2020-01-01T00:00Z", done_at="2020-01-01T00:00Z")
        forget_payloads(Inbox.objects.get().source_id, timedelta(days=1))
    assert not [one for one in path_of("").rglob("*") if one.is_file()]


@pytest.mark.django_db
def test_without_the_decoder_it_waits_for_the_day_it_comes(hotline, django_capture_on_commit_callbacks, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(playing, "find_spec", lambda name: None)
        with django_capture_on_commit_callbacks(execute=True):
            taken(hotline(), {"C-1.txt": TEXT, "C-1.amr": KINDS["amr"][0]})
        assert Attachment.objects.get().player_trouble == "missing"
        assert playing.forgotten_copies_wanted() == 0
    assert playing.forgotten_copies_wanted() == 1
    assert Job.objects.filter(kind=playing.JOB, state="waiting").count() == 1
    drain()
    assert Attachment.objects.get().player_state == "done"


def test_the_page_of_the_voice_tells_waits_and_plays(hotline, client, person, facts, read_inbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        taken(hotline(), {"C-1.txt": TEXT, "C-1.amr": KINDS["amr"][0]})
    read_inbox()
    row, recording = Inbox.objects.get(), Attachment.objects.get()
    client.force_login(person("service_agent", email="agent@example.com"))
    address = f"/voices/{row.feedback_id}/"
    own = f"{address}attachments/{recording.pk}/"
    page = client.get(address).content.decode()
    assert f'src="attachments/{recording.pk}/?as=player"' in page and "下载原来的录音" in page and "every 4s" not in page
    heard = client.get(own + "?as=player", headers={"Range": "bytes=0-99"})
    assert (heard.status_code, heard.headers["Content-Type"]) == (206, "audio/mpeg")
    assert b"".join(heard.streaming_content) == path_of(recording.player).read_bytes()[:100]
    assert b"".join(client.get(own).streaming_content) == KINDS["amr"][0]
    Attachment.objects.update(player_state="waiting", player="")
    waiting = client.get(address).content.decode()
    assert "正在转成浏览器能放的格式" in waiting and "every 4s" in waiting
    assert client.get(own + "?as=player").status_code == 404
    for trouble, told in {
        "damaged": "录音坏了",
        "too_long": "超过 4 小时",
        "too_slow": "时间太久",
        "missing": "huiyin[audio]",
        "gone": "不在了",
    }.items():
        Attachment.objects.update(player_state="failed", player_trouble=trouble)
        assert told in client.get(address).content.decode()
    client.force_login(person("product", email="product@example.com"))
    assert "下载原来的录音" not in client.get(address).content.decode()
    assert client.get(own + "?as=player").status_code == 403
