"""Read a PDF from standard input and write its words, page by page; run alone, by path, with limits on itself.

Imports nothing of ours. Whatever goes wrong, the words written until then stand: a page is written when it was read.
"""

import logging
import resource
import sys
from io import BytesIO

from pypdf import PdfReader


def main() -> int:
    seconds, memory, pages, most = (int(each) for each in sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # a file cannot be written, whatever a file may talk its reader into
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable(logging.CRITICAL)
    reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
    written = 0
    for number in range(min(len(reader.pages), pages)):
        try:
            text = reader.pages[number].extract_text()
        except MemoryError:
            return 4
        except Exception:  # noqa: BLE001, S112 - a library over a stranger's file: one page without words, the next may have some
            continue
        sys.stdout.buffer.write(text.encode("utf-8", "ignore") + b"\n")
        sys.stdout.buffer.flush()
        written += len(text)
        if written >= most:
            break
    return 0


if __name__ == "__main__":
    sys.exit(main())
