"""Zip files, unpacked within bounds into a folder that nobody else can read."""

import errno
import lzma
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import TracebackType

from autograder.errors import GraderFault
from autograder.submissions.finding.places import is_archive, is_notebook, is_visible
from autograder.submissions.helper_files import LARGEST_FILE as LARGEST_NEIGHBOUR

LARGEST_MEMBER = 200 << 20
LARGEST_OF_A_STUDENT = 300 << 20
LARGEST_OF_A_CLASS = 32 << 30
MOST_MEMBERS = 200_000
MOST_OF_A_STUDENT = 5_000
# Notebooks pack ten or twenty to one; what is large and packs far better is there to fill a disk.
_SUSPECT, _TIMES = 32 << 20, 200
_PIECE = 1 << 20
# What zipfile and the packers below it raise at bytes that are none of theirs; bz2 has an OSError without a number.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    ArithmeticError,
    ValueError,
)
_NAMES_FAULT = {getattr(errno, name) for name in ("ENAMETOOLONG", "ENOTDIR", "EEXIST", "EISDIR", "EINVAL", "EILSEQ")}


class BadArchive(Exception):
    """A zip file that is not unpacked; the message goes on after its name."""


class Unpacker:
    """Unpacks zip files, each once, into a folder that is gone at the end of the block.

    Attributes:
        folder: where everything is unpacked to.
        refused: why a file of an archive is not there, by the path that it would have.
    """

    def __init__(self) -> None:
        try:
            self.folder = Path(tempfile.mkdtemp(prefix="autograder-zip-"))  # for the owner alone
        except OSError as error:
            raise _no_room(error) from None
        self.refused: dict[Path, str] = {}
        self._done: dict[Path, Path | BadArchive] = {}

    def __enter__(self) -> "Unpacker":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything that was unpacked."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def students(self, archive: Path) -> Path:
        """The folder with what a student's archive holds.

        Raises:
            BadArchive: it cannot be read, or holds more than is unpacked.
        """
        return self._unpacked(archive, LARGEST_OF_A_STUDENT, MOST_OF_A_STUDENT)

    def class_of(self, archive: Path) -> Path:
        """The folder with what an archive of a whole class holds; what is wrong with one file is in ``refused``.

        Raises:
            BadArchive: it cannot be read.
        """
        return self._unpacked(archive, LARGEST_OF_A_CLASS, MOST_MEMBERS)

    def _unpacked(self, archive: Path, most: int, members: int) -> Path:
        if archive not in self._done:
            folder = Path(tempfile.mkdtemp(dir=self.folder))
            try:
                _unpack(archive, folder, most, members, self.refused)
                self._done[archive] = folder
            except BadArchive as bad:
                shutil.rmtree(folder, ignore_errors=True)
                self._done[archive] = bad
        done = self._done[archive]
        if isinstance(done, BadArchive):
            raise done
        return done


def _unpack(archive: Path, folder: Path, most: int, members: int, refused: dict[Path, str]) -> None:
    try:
        found = archive.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise BadArchive("is not a regular file")
        if found.st_size > most:
            raise BadArchive(f"has {found.st_size >> 20} MB, more than the {most >> 20} MB that are unpacked")
        with zipfile.ZipFile(archive) as opened:
            every = opened.infolist()
            if len(every) > members:
                raise BadArchive(f"holds {len(every):,} files, more than the {members:,} that are unpacked")
            taken = 0
            for member, name in _wanted(every):
                try:
                    taken += _take(opened, member, folder / name, most - taken)
                except _Refused as reason:
                    refused[folder / name] = str(reason)
    except (RuntimeError, NotImplementedError) as error:  # what zipfile says of a password and of rare methods
        raise BadArchive("is packed in a way that is not unpacked here") from error
    except OSError as error:
        raise BadArchive(f"cannot be opened: {error.strerror}" if error.strerror else "is broken") from None
    except _BROKEN as error:
        raise BadArchive("is broken") from error


def _no_room(error: OSError) -> GraderFault:
    """What is said where this machine cannot unpack anything: that is no student's fault."""
    where = tempfile.gettempdir() if tempfile.tempdir else "the folder for temporary files"
    return GraderFault(f"zip files cannot be unpacked to {where}: {error.strerror}; TMPDIR names another folder")


class _Refused(Exception):
    """A file of an archive that is not unpacked."""


def _wanted(members: list[zipfile.ZipInfo]) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The files and folders that somebody has handed in, with the path of each in the archive.

    Raises:
        BadArchive: a name leads out of the archive, or a password is asked for.
    """
    for member in members:
        name = PurePosixPath(_name(member))
        if name.is_absolute() or ".." in name.parts or (name.parts[:1] and name.parts[0].endswith(":")):
            raise BadArchive("holds names that lead out of it, so nothing of it is unpacked")
        if not name.parts or not all(map(is_visible, name.parts)):
            continue
        if member.flag_bits & 0x1:
            raise BadArchive("is encrypted: nobody here knows its password")
        yield member, name


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; that of an archiver which wrote UTF-8 and did not say so, as macOS's, is put right."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/")


def _take(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, room: int) -> int:
    """Unpack one member, and give its size.

    Raises:
        BadArchive: there is no room for it in what is allowed.
        GraderFault: there is no room for it on this machine.
    """
    is_folder = member.is_dir() or member.filename.endswith("\\")
    with _named(target):  # the folder also for what is refused: whose it is shows there
        (target if is_folder else target.parent).mkdir(parents=True, exist_ok=True)
    if is_folder:
        return 0
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _Refused("is a link and no file of its own")
    wanted = is_notebook(target.name) or is_archive(target.name)
    size = member.file_size
    if size > (LARGEST_MEMBER if wanted else LARGEST_NEIGHBOUR):
        raise _Refused(f"unpacks to {size >> 20} MB, more than is read")
    if size > _SUSPECT and size > _TIMES * max(1, member.compress_size):
        raise _Refused(f"unpacks to {size >> 20} MB out of almost nothing, so it stays packed")
    if size > room:
        raise BadArchive("unpacks to more than is read")
    written = 0
    with opened.open(member) as packed:
        with _named(target):
            file = target.open("xb")
        with file:
            while piece := packed.read(_PIECE):
                written += len(piece)
                if written > size:  # the archive has said something else
                    raise BadArchive("is broken")
                with _named(target):
                    file.write(piece)
    return written


@contextmanager
def _named(target: Path) -> Iterator[None]:
    """Tell a name that cannot be written from a machine that cannot write."""
    try:
        yield
    except OSError as error:
        if error.errno in _NAMES_FAULT:
            raise _Refused(f"cannot be unpacked under that name: {error.strerror}") from None
        raise _no_room(error) from None
    except ValueError:
        raise _Refused(f"cannot be unpacked under the name {target.name!r}") from None
