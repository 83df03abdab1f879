"""What a caller may say about how files are read."""

import codecs
from dataclasses import dataclass, fields
from typing import ClassVar
from zoneinfo import ZoneInfo

from huiyin.files import errors

ColumnRef = str | int | None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Overrides of what would otherwise be found out from the file.

    A column is given by its name or by its number, the first column being 1. The empty
    string says "there is no such column" and turns the guess off. `channel` is not a column:
    it is one name given to every row.
    """

    text: ColumnRef = None
    id: ColumnRef = None
    time: ColumnRef = None
    rating: ColumnRef = None
    product: ColumnRef = None
    customer: ColumnRef = None
    channel: str | None = None
    brand: ColumnRef = None
    region: ColumnRef = None
    store: ColumnRef = None
    segment: ColumnRef = None
    title: ColumnRef = None
    sheet: str | int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    timezone: str = "Asia/Shanghai"
    limit: int | None = None
    batch_rows: int = 20_000

    COLUMN_ROLES: ClassVar[tuple[str, ...]] = (
        "text",
        "id",
        "time",
        "rating",
        "product",
        "customer",
        "brand",
        "region",
        "store",
        "segment",
        "title",
    )

    def column_overrides(self) -> dict[str, str | int]:
        """The roles for which a column was named, in a fixed order."""
        given = {role: getattr(self, role) for role in self.COLUMN_ROLES}
        return {role: value for role, value in given.items() if value is not None}

    def check(self) -> None:
        """Refuse values that no file could make sense of."""
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError) as error:
            expected = "Asia/Shanghai, Europe/London, UTC …"
            raise errors.bad_option("timezone", self.timezone, expected) from error
        if self.encoding is not None:
            try:
                codecs.lookup(self.encoding)
            except LookupError as error:
                expected = "utf-8, gb18030, utf-16 …"
                raise errors.bad_option("encoding", self.encoding, expected) from error
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise errors.bad_option("delimiter", self.delimiter, ", ; | or a tab")
        if self.batch_rows < 1:
            raise errors.bad_option("batch_rows", self.batch_rows, "1, 2, 3 …")
        if self.limit is not None and self.limit < 0:
            raise errors.bad_option("limit", self.limit, "0, 1, 2 …")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep one bad file from taking the machine down."""

    cell_bytes: int = 1_000_000
    """A cell above this rejects its row."""
    record_chars: int = 8_000_000
    """A record above this is skipped while reading, so that it never stands in memory whole."""
    uncompressed_bytes: int = 20_000_000_000
    """No archive may expand beyond this."""
    ratio: float = 200.0
    """No archive may expand more than this many times over …"""
    ratio_after_bytes: int = 100_000_000
    """… once it has expanded to this size (small files of blanks compress that well honestly)."""
    workbook_bytes: int = 4_000_000_000
    """An XLSX is read whole, so its parts together may not expand beyond this."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) <= 0:
                raise errors.bad_option(field.name, getattr(self, field.name), "> 0")
