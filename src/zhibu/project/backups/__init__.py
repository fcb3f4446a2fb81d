"""One file that holds everything an installation owns, and the way back.

Database, attached files and keys go together: any of the three is worthless without the others. A backup is made
while people work; a restore checks every byte, every count and the chains of the record before it takes effect.
"""

from .making import Made, backup
from .restoring import Restored, drill, restore

__all__ = ["Made", "Restored", "backup", "drill", "restore"]
