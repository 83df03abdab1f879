"""The refusals of this package: one line in Chinese, one in English, a hint what to do."""


class FilesError(Exception):
    """A file, or an option about it, that cannot be used at all.

    `code` is stable and meant for tests and callers; the messages are meant for people and
    are always one line. Faults in single rows are never raised: they are rejects.
    """

    def __init__(
        self,
        code: str,
        message_zh: str,
        message_en: str,
        hint_zh: str = "",
        hint_en: str = "",
        path: str = "",
    ) -> None:
        self.code = code
        self.message_zh = _one_line(message_zh)
        self.message_en = _one_line(message_en)
        self.hint_zh = _one_line(hint_zh)
        self.hint_en = _one_line(hint_en)
        self.path = path
        super().__init__(self.message_en)


def _one_line(message: str) -> str:
    return " ".join(message.split())


def missing_file(name: str) -> FilesError:
    """There is no such file."""
    return FilesError(
        "missing_file",
        f"找不到文件：{name}",
        f"No such file: {name}",
        "请检查路径和文件名",
        "Check the path and the file name",
        name,
    )


def is_directory(name: str) -> FilesError:
    """A folder where a file should be."""
    return FilesError(
        "is_directory",
        f"这是一个文件夹，不是文件：{name}",
        f"This is a folder, not a file: {name}",
        "请给出文件夹里的文件，例如 文件夹/*.csv",
        "Name the files inside it, for example folder/*.csv",
        name,
    )


def unreadable(name: str, detail: object) -> FilesError:
    """The system does not let us read it."""
    return FilesError(
        "unreadable",
        f"无法读取文件：{name}（{detail}）",
        f"Cannot read the file: {name} ({detail})",
        "请检查文件权限，或确认文件没有损坏",
        "Check the permissions and that the file is not damaged",
        name,
    )


def empty_file(name: str) -> FilesError:
    """Nothing in it."""
    return FilesError(
        "empty_file",
        f"文件是空的：{name}",
        f"The file is empty: {name}",
        "请重新导出文件",
        "Export the file again",
        name,
    )


def header_only(name: str) -> FilesError:
    """A header and no rows."""
    return FilesError(
        "header_only",
        f"文件只有表头，没有数据行：{name}",
        f"The file has a header and no rows: {name}",
        "请确认导出时选中了数据",
        "Check that the export contained any rows",
        name,
    )


def no_text_column(name: str, columns: list[str]) -> FilesError:
    """No column looks like feedback."""
    shown = "、".join(columns[:40])
    return FilesError(
        "no_text_column",
        f"{name} 里认不出反馈内容所在的列；现有的列：{shown}",
        f"No column of {name} looks like feedback text; columns found: {', '.join(columns[:40])}",
        "请用 text 选项指定内容列的名称或序号",
        "Name the column, or give its number, with the text option",
        name,
    )


def unknown_column(name: str, wanted: str, columns: list[str], nearest: str | None) -> FilesError:
    """A column was named that is not there."""
    listed = "、".join(columns[:40])
    return FilesError(
        "unknown_column",
        f"{name} 里没有“{wanted}”这一列；现有的列：{listed}",
        f"{name} has no column '{wanted}'; columns found: {', '.join(columns[:40])}",
        f"您是不是要找“{nearest}”？" if nearest else "请从现有的列中选择",
        f"Did you mean '{nearest}'?" if nearest else "Choose one of the columns found",
        name,
    )


def unknown_sheet(name: str, wanted: str, sheets: list[str], nearest: str | None) -> FilesError:
    """A sheet was named that is not there."""
    return FilesError(
        "unknown_sheet",
        f"{name} 里没有工作表“{wanted}”；现有：{'、'.join(sheets)}",
        f"{name} has no sheet '{wanted}'; sheets found: {', '.join(sheets)}",
        f"您是不是要找“{nearest}”？" if nearest else "请从现有的工作表中选择",
        f"Did you mean '{nearest}'?" if nearest else "Choose one of the sheets found",
        name,
    )


def encrypted(name: str) -> FilesError:
    """Protected by a password."""
    return FilesError(
        "encrypted",
        f"文件有密码保护，无法打开：{name}",
        f"The file is protected by a password: {name}",
        "请先用 Excel 或压缩软件去掉密码，另存后再试",
        "Remove the password and save it again",
        name,
    )


def broken_archive(name: str, detail: object) -> FilesError:
    """A damaged gzip or zip file."""
    return FilesError(
        "broken_archive",
        f"压缩文件已损坏或不完整：{name}（{detail}）",
        f"The compressed file is damaged or cut short: {name} ({detail})",
        "请重新下载或重新压缩",
        "Download or compress it again",
        name,
    )


def zip_bomb(name: str, detail: str) -> FilesError:
    """An archive that expands beyond the limits."""
    return FilesError(
        "zip_bomb",
        f"压缩文件解压后过大，已停止读取：{name}（{detail}）",
        f"The compressed file expands beyond the limit, reading was stopped: {name} ({detail})",
        "如果文件可信，请先自行解压再导入",
        "If you trust the file, unpack it first",
        name,
    )


def unsupported_format(name: str, detail: str = "") -> FilesError:
    """A kind of file this package does not read."""
    more = f"（{detail}）" if detail else ""
    return FilesError(
        "unsupported_format",
        f"不支持的文件格式：{name}{more}",
        f"Unsupported file format: {name}" + (f" ({detail})" if detail else ""),
        "支持 CSV、TSV、XLSX、XLS、JSON Lines、Parquet，以及它们的 .gz、.zip",
        "Supported: CSV, TSV, XLSX, XLS, JSON Lines, Parquet, each also as .gz or .zip",
        name,
    )


def no_reading(name: str, detail: object) -> FilesError:
    """The right kind of file, but no reading of it succeeds."""
    return FilesError(
        "no_reading",
        f"文件内容无法按任何支持的方式读出：{name}（{detail}）",
        f"No way of reading the file made sense: {name} ({detail})",
        "请在 Excel 中另存为 CSV UTF-8 或 XLSX 后再试",
        "Save it as CSV UTF-8 or XLSX and try again",
        name,
    )


def bad_option(option: str, value: object, expected: str) -> FilesError:
    """An option no file could make sense of."""
    return FilesError(
        "bad_option",
        f"选项 {option} 的值无效：{value}",
        f"Invalid value for {option}: {value}",
        f"应为：{expected}",
        f"Expected: {expected}",
    )
