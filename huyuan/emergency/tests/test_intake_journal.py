"""The journal: what it has kept is there after any death, and is handed on once, whatever lies beside it."""

import errno
import os
import signal
import subprocess
import sys
import threading

import pytest

from huyuan.emergency import journal
from huyuan.emergency.journal import CannotKeep, Journal, JournalFile, drain, read, waiting_in

KEEPER = """
import sys, time
from pathlib import Path
from huyuan.emergency.journal import Journal
kept = Journal(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    entry = kept.keep({"number": number})
    if number < int(sys.argv[3]):
        entry.done()
    print(number, flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "journal"


def die(kept):
    """Let go of the files as a death does: as they are, without clearing away."""
    for file in kept.files:
        file.close(remove=False)


def handed_on(folder):
    """What a drainer finds, in its order."""
    found = []

    def take(entry):
        found.append(entry.body["number"])
        entry.done()
        return True

    drain(folder, take)
    return found


def only_file(folder):
    return next(folder.glob("*.journal"))


def test_what_is_kept_waits_until_it_is_done(folder):
    kept = Journal(folder)
    first, second = kept.keep({"number": 1}), kept.keep({"number": 2})
    first.done()
    assert [entry.body for entry in kept.waiting()] == [{"number": 2}]
    assert list(waiting_in(folder)) == [{"number": 2}]
    second.done()
    kept.close()
    assert not list(folder.glob("*.journal"))


def test_the_room_is_taken_beforehand_and_nobody_else_may_read_it(folder):
    Journal(folder).keep({"number": 1})
    found = only_file(folder).stat()
    assert found.st_size == journal.SIZE and found.st_blocks * 512 >= journal.SIZE
    assert found.st_mode & 0o077 == 0


def test_a_killed_process_leaves_what_it_kept_and_a_living_one_is_left_alone(folder):
    command = [sys.executable, "-c", KEEPER, str(folder), "5", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert [process.stdout.readline().strip() for _ in range(5)] == list("01234")
        assert handed_on(folder) == []
        process.send_signal(signal.SIGKILL)
    assert handed_on(folder) == [2, 3, 4]
    assert handed_on(folder) == [] and not list(folder.glob("*.journal"))


def test_what_cannot_be_handed_on_yet_stays_for_the_next_time(folder):
    kept = Journal(folder)
    for number in range(3):
        kept.keep({"number": number})
    die(kept)
    drain(folder, lambda entry: False)
    assert handed_on(folder) == [0, 1, 2]


def test_a_torn_tail_is_seen_and_hides_nothing_before_it(folder, caplog):
    kept = Journal(folder)
    kept.keep({"number": 1})
    torn = kept.keep({"number": 2})
    die(kept)
    data = bytearray(torn.file.path.read_bytes())
    data[torn.offset + 20 : torn.offset + 400] = bytes(380)
    torn.file.path.write_bytes(data)
    records, damages = read(bytes(data))
    assert [record.body["number"] for record in records] == [1] and [damage.torn for damage in damages] == [True]
    assert handed_on(folder) == [1]
    assert "never whole" in caplog.text and not (folder / "damaged").exists()


@pytest.mark.parametrize("spoilt", ["mark", "length", "checksum", "payload"])
def test_a_spoilt_record_is_set_aside_once_and_blocks_no_later_one(folder, caplog, spoilt):
    kept = Journal(folder)
    entries = [kept.keep({"number": number, "words": "x" * 100}) for number in range(3)]
    die(kept)
    path = entries[1].file.path
    data = bytearray(path.read_bytes())
    place = entries[1].offset + {"mark": 1, "length": 9, "checksum": 13, "payload": 40}[spoilt]
    data[place] ^= 0xFF
    path.write_bytes(data)
    assert handed_on(folder) == [0, 2]
    aside = list((folder / "damaged").iterdir())
    assert len(aside) == 1 and b"xxxx" in aside[0].read_bytes()
    assert handed_on(folder) == [] and caplog.text.count("set aside") == 1


def test_any_single_spoilt_byte_costs_one_record_at_most(folder):
    kept = Journal(folder, size=4096)
    entries = [kept.keep({"number": number}) for number in range(4)]
    die(kept)
    whole = entries[0].file.path.read_bytes()
    for place in range(entries[3].offset + 40):
        data = bytearray(whole)
        data[place] ^= 0x55
        assert len(read(bytes(data))[0]) >= 3, place


def test_a_full_file_is_followed_by_another_and_goes_when_all_of_it_is_done(folder):
    kept = Journal(folder, size=1024)
    entries = [kept.keep({"number": number, "words": "x" * 200}) for number in range(12)]
    assert len(list(folder.glob("*.journal"))) == 3
    for entry in entries:
        entry.done()
    for number in range(4):
        kept.keep({"number": number, "words": "x" * 200})
    assert len(list(folder.glob("*.journal"))) == 1
    assert [entry.body["number"] for entry in kept.waiting()] == [0, 1, 2, 3]


def test_many_threads_keep_at_once_and_nothing_is_lost_or_mixed(folder):
    kept = Journal(folder, size=8192)

    def keep(thread):
        for number in range(50):
            entry = kept.keep({"number": thread * 100 + number})
            if number % 2:
                entry.done()

    threads = [threading.Thread(target=keep, args=[thread]) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {entry.body["number"] for entry in kept.waiting()} == {
        t * 100 + n for t in range(8) for n in range(0, 50, 2)
    }
    die(kept)
    assert len(handed_on(folder)) == 200


def test_a_full_disk_is_said_and_spoils_nothing_kept_before(folder, monkeypatch):
    kept = Journal(folder, size=1024)
    kept.keep({"number": 1})

    def full(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "posix_fallocate", full)
        with pytest.raises(CannotKeep, match="No space left"):
            for _ in range(9):
                kept.keep({"number": 2, "words": "x" * 200})
    assert not list(folder.glob("*.new"))
    kept.keep({"number": 3, "words": "x" * 200})
    die(kept)
    found = handed_on(folder)
    assert found[0] == 1 and found[-1] == 3


def test_after_a_failed_write_to_the_disk_a_fresh_file_takes_over(folder, monkeypatch):
    kept = Journal(folder)
    kept.keep({"number": 1})

    def fails(_handle):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fdatasync", fails)
        with pytest.raises(CannotKeep):
            kept.keep({"number": 2})
    kept.keep({"number": 3})
    assert len(kept.files) == 2
    assert {1, 3} <= {entry.body["number"] for entry in kept.waiting()}


def test_a_record_larger_than_a_file_is_refused(folder):
    with pytest.raises(CannotKeep):
        Journal(folder, size=1024).keep({"words": "x" * 2000})


def test_one_drainer_at_a_time_has_a_file(folder):
    kept = Journal(folder)
    kept.keep({"number": 1})
    die(kept)
    held = JournalFile.take_over(only_file(folder))
    assert held.waiting and handed_on(folder) == []
    held.close(remove=False)
    assert handed_on(folder) == [1]


def test_what_can_never_be_handed_on_is_set_aside_as_it_is(folder):
    kept = Journal(folder)
    kept.keep({"number": 1})
    kept.waiting()[0].set_aside()
    assert not kept.waiting()
    assert next((folder / "damaged").iterdir()).read_bytes() == b'{"number": 1}'


def test_a_file_half_made_by_a_death_is_cleared_away(folder):
    folder.mkdir()
    left = folder / "1-2-3.new"
    left.touch()
    os.utime(left, (1, 1))
    (folder / "4-5-6.new").touch()
    drain(folder, lambda entry: True)
    assert [path.name for path in folder.iterdir()] == ["4-5-6.new"]
