"""What a comparison found, as tables for other programs: Arrow, Parquet, CSV, JSON and pandas, to the last digit.

Every table has a schema with the unit and the meaning of each column (`SCHEMAS`); the page docs/data.md shows them. An
amount is a whole number of smallest units and has no bound: a column of amounts is decimal128(38, 0), decimal256(76, 0)
where a number needs more digits, and text beyond that; in JSON it is always text.
"""

from compare.exact_columns import exact_frame, integers
from compare.export.folders import export_folder
from compare.export.schemas import SCHEMAS
from compare.export.table_files import ExportKind, read_table, table_document, write_table
from compare.export.tables import comparison_tables, history_table, tape_table
from compare.path_file import path_table

__all__ = [
    "SCHEMAS",
    "ExportKind",
    "comparison_tables",
    "exact_frame",
    "export_folder",
    "history_table",
    "integers",
    "path_table",
    "read_table",
    "table_document",
    "tape_table",
    "write_table",
]
