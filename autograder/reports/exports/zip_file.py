"""A zip file whose bytes depend on what is in it alone."""

import io
import zipfile
from collections.abc import Mapping

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_FILE, _PROGRAM = 0o100644, 0o100755


def zip_file(files: Mapping[str, bytes], programs: Mapping[str, bytes] | None = None) -> bytes:
    """The bytes of a zip file.

    Args:
        files: what is in it, by place.
        programs: likewise, what may be executed.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for mode, some in ((_PROGRAM, programs or {}), (_FILE, files)):
            for name, content in some.items():
                entry = zipfile.ZipInfo(name, _NO_TIME)
                entry.create_system, entry.external_attr = 3, mode << 16  # Unix, on every machine
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
    return written.getvalue()
