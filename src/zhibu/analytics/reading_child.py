"""Read a file of SQLite through ADBC for another process: a query a line on standard input, an Arrow stream each on standard output.

Imports nothing of ours. ADBC brings a SQLite of its own. Of two in one process each would close the file when it is
done, and POSIX then drops the locks of the other: whoever writes elsewhere takes the file for unused.
"""

import json
import sys
from contextlib import closing

from adbc_driver_sqlite import dbapi
from pyarrow import ipc


def main() -> None:
    file, rows = sys.argv[1:3]
    with closing(dbapi.connect(f"file:{file}?mode=ro")) as source:
        for line in sys.stdin.buffer:
            with closing(source.cursor()) as cursor:
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": rows})
                cursor.execute(json.loads(line))
                found = cursor.fetch_record_batch()
                with ipc.new_stream(sys.stdout.buffer, found.schema) as out:
                    for batch in found:
                        out.write_batch(batch)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
