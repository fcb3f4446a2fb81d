"""Read a workbook from standard input and write its sheets as JSON; run alone, by path, with limits on itself.

Imports nothing of ours, so that it starts in a tenth of a second. Exit 3: not a workbook (reason on standard error).
"""

import json
import resource
import sys
from datetime import date, datetime
from io import BytesIO

import python_calamine as calamine


def main() -> int:
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
        sheets = [
            about.name
            for about in workbook.sheets_metadata
            if about.typ == calamine.SheetTypeEnum.WorkSheet
            and about.visible == calamine.SheetVisibleEnum.Visible
        ]
        answer = [read(workbook.get_sheet_by_name(name)) for name in sheets]
    except (calamine.CalamineError, OSError, ValueError) as problem:
        sys.stderr.write(f"{problem}")
        return 3
    json.dump(answer, sys.stdout, default=shown)
    return 0


def read(sheet: calamine.CalamineSheet) -> dict[str, object]:
    merged = sheet.merged_cell_ranges or []
    return {
        "name": sheet.name,
        "rows": sheet.to_python(skip_empty_area=False),
        "merged": [[top, left, bottom, right] for (top, left), (bottom, right) in merged],
    }


def shown(value: object) -> object:
    if isinstance(value, datetime):
        return ["instant", value.isoformat()]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
