"""What stops the work: the errors a person can mend, and every kind of fault with its remedy."""

from collections.abc import Iterable
from typing import NamedTuple

from milepost.values import Origin, Problem


class Kind(NamedTuple):
    """A kind of fault: how grave, what, how to mend it; `{name}` is filled from the details."""

    gravity: str  # "error": cannot be published so; "warning": a person must decide; "note": worth knowing
    what: str
    remedy: str


# One section for each room that finds faults of the kind. Sentences are translated in `locale/`.
FILES = {
    "not-found": Kind("error", "There is no such file or folder.", "Check the name."),
    "empty-file": Kind("error", "The file is empty.", "Export it again; at least a header row is needed."),
    "too-large": Kind(
        "error",
        "The file has {size} MB; {limit} MB is the limit.",
        "Split it, for example one file per indicator, or raise MILEPOST_MAX_FILE_MB.",
    ),
    "unknown-format": Kind(
        "error",
        "The format cannot be told from the name {name}.",
        "Rename the file, or name the format; known are: {known}.",
    ),
    "cannot-write": Kind(
        "error", "The output cannot be written: {why}.", "Choose another place, or free it."
    ),
}
SERIES = {
    "column-missing": Kind(
        "error",
        "There is no column {column}.",
        "Name it {column}, or check that the first row holds the headers.",
    ),
    "period-unreadable": Kind(
        "error", "{text!r} is not a year or period.", "Write 2024, 2024/25, 2024-Q1 or 2024-05."
    ),
    "number-unreadable": Kind(
        "error", "{text!r} is not a number.", "Write digits with a decimal point, or leave it blank."
    ),
    "direction-unreadable": Kind("error", "{text!r} is not a direction.", "Write up or down."),
    "setting-varies": Kind(
        "error",
        "The series {series} has two of these: {first} and {second}.",
        "Repeat the same in every row of a series.",
    ),
}
CHECKS: dict[str, Kind] = {
    "conflicting-values": Kind(
        "error",
        "Different values for the same key ({key}): {values}.",
        "Decide which is right and delete the other, or add the column that tells them apart.",
    ),
    "files-conflict": Kind(
        "error",
        "Files give different values for the same key of {name} (keys: {count}). {examples}.",
        "Decide which file is right and remove the other figures.",
    ),
    "indicator-twice": Kind(
        "warning",
        "The indicator {indicator} is in several files: {files}.",
        "Keep one; else the order of reading decides which is published.",
    ),
    "repeated-rows": Kind(
        "warning",
        "Rows that repeat the key and the value of another: {count} (rows {row_list}).",
        "Delete the repeated rows.",
    ),
    "placeholder-rows": Kind(
        "warning",
        "Rows with neither a value nor a status that says why: {count} (rows {row_list}).",
        "Delete them, or give a status: O missing, L not collected, M cannot exist, Q suppressed.",
    ),
    "no-value-no-reason": Kind(
        "warning",
        "Rows without a value whose status does not say why: {count}. {cells}.",
        "Give a status that does: O missing, L not collected, M cannot exist, Q suppressed.",
    ),
    "value-beside-status": Kind(
        "error",
        "Values beside status {status}, which says that there is none: {count}. {cells}.",
        "Correct the status, or remove the value. A suppressed value (Q) must not be published.",
    ),
    "unknown-status": Kind(
        "warning",
        "Statuses that are not in the code list CL_OBS_STATUS: {count}. {cells}.",
        "Write a code of the list, such as A normal, E estimated, P provisional, O missing.",
    ),
    "no-year-column": Kind(
        "error",
        "There is no column for the year.",
        "Name it Year or TIME_PERIOD; it must be in the first row.",
    ),
    "no-value-column": Kind(
        "error",
        "There is no column for the value.",
        "Name it Value or OBS_VALUE; it must be in the first row.",
    ),
    "no-rows": Kind(
        "warning", "There are headers, but no rows.", "Nothing to mend if there are no data yet."
    ),
    "stray-column": Kind(
        "warning",
        'Column {number} has no name of its own ("{column}"). Cells that hold something: {filled}.',
        "Delete the column, or name it. Spreadsheets and scripts leave such columns behind.",
    ),
    "empty-column": Kind(
        "warning", "Every cell of the column {column} is blank.", "Delete the column if it is not needed."
    ),
    "year-not-first": Kind(
        "warning",
        "The first column is {first}, not the year.",
        "Move the year to the first column; Open SDG reads it there.",
    ),
    "value-not-last": Kind(
        "warning",
        "The last column is {last}, not the value.",
        "Move the value to the last column; Open SDG reads it there.",
    ),
    "stray-spaces-header": Kind(
        "warning",
        'The header "{column}" begins or ends with a blank.',
        "Remove the blank; with it this is another column.",
    ),
    "stray-spaces": Kind(
        "warning",
        "Cells of the column {column} that begin or end with a blank: {count}. {cells}.",
        "Remove the blanks; with them these are other categories.",
    ),
    "spelled-total": Kind(
        "warning",
        'The column {column} spells the total as "{spelling}" (cells: {count}).',
        "Leave the cell blank (Open SDG) or write _T (SDMX); spelled out it counts as one more category.",
    ),
    "shifted-cells": Kind(
        "warning",
        "Numbers among the words of the category column {column}: {count}. {cells}.",
        "Look whether the cells of these rows have moved to a neighbouring column.",
    ),
    "year-unreadable": Kind(
        "error",
        "Cells that are no year or period: {count}. {cells}.",
        "Write 2024, 2024/25, 2024-Q1 or 2024-05, and footnotes in a column of their own.",
    ),
    "year-implausible": Kind(
        "warning", "Rows of a year before {first_year}: {count}. {cells}.", "Correct the year."
    ),
    "year-in-future": Kind(
        "error",
        "Rows of a year after {this_year}: {count}. {cells}.",
        "Correct the year; mark a forecast with status F, and a target by a category that says so.",
    ),
    "decimal-comma": Kind(
        "error", "Values with a decimal comma: {count}. {cells}.", "Write a decimal point, as in 12.5."
    ),
    "thousands-separator": Kind(
        "error", "Values with blanks between their digits: {count}. {cells}.", "Write 1234.5, without blanks."
    ),
    "ambiguous-comma": Kind(
        "error",
        "Values with a comma that may part decimals or thousands: {count}. {cells}.",
        "Write 1234 or 1.234, whichever is meant; Milepost does not guess.",
    ),
    "missing-mark": Kind(
        "error",
        "Value cells that hold a mark instead of a number: {count}. {cells}.",
        "Leave the value blank and give a status: O missing, M cannot exist, Q suppressed.",
    ),
    "censored-value": Kind(
        "error",
        "Value cells that hold a bound instead of a number: {count}. {cells}.",
        "Leave the value blank with status Q (suppressed), and the bound, if it may be told, in COMMENT_OBS.",
    ),
    "percent-sign": Kind(
        "error",
        "Values with a percent sign: {count}. {cells}.",
        "Write the number; the unit has its own column.",
    ),
    "footnote-mark": Kind(
        "error",
        "Values with a mark beside the number: {count}. {cells}.",
        "Write the number; put the mark into OBS_STATUS or COMMENT_OBS.",
    ),
    "not-a-number": Kind(
        "error",
        "Value cells that are no number: {count}. {cells}.",
        "Write digits with a decimal point, or leave them blank.",
    ),
    "two-units": Kind(
        "warning",
        "{name} has more than one unit in a series: {units}.",
        "Correct the unit, convert the values, or make two series of it.",
    ),
    "not-a-class": Kind(
        "error",
        "Values that are no class of {indicator}, which has only {classes}: {count}. {cells}.",
        "Correct the value, or the indicator that it stands under.",
    ),
    "not-a-class-10-7-2": Kind(
        "error",
        "Values that cannot be SDG {indicator}: {count}. {cells}. "
        "As a national series it is a class, overall and for each of the six policy domains: "
        "1 requires further progress, 2 partially meets, 3 meets, 4 fully meets. "
        "It is neither a percentage nor a number of countries or agreements.",
        "Give the class from 1 to 4 for each domain; move other figures to an indicator of their own.",
    ),
    "outside-limits": Kind(
        "error",
        "Values that {indicator} cannot have, in {unit} ({bounds}): {count}. {cells}.",
        "Correct the value or its unit.",
    ),
    "implausible": Kind(
        "warning",
        "Values hardly possible for {indicator}, in {unit} ({bounds}): {count}. {cells}.",
        "Look at the source; correct the value or its unit.",
    ),
    "negative-count": Kind("error", "Counts below 0: {count}. {cells}.", "Correct the value or its unit."),
    "jump": Kind(
        "warning",
        "Values {factor} times above or below those of the years beside them: {count}. {cells}.",
        "Look for a lost decimal point or another unit.",
    ),
    "parts-and-total": Kind(
        "warning",
        "By {breakdown} the parts do not add up to the reported total (cases: {count} of {groups}). "
        "First for {key}: {parts} = {sum}, reported is {total} (tolerance {tolerance}). Both are kept.",
        "Correct one of them, or say in a comment why they differ: some may be of unknown category.",
    ),
}
TABULAR: dict[str, Kind] = {  # CSV and workbooks, and what holds for every file
    "bad-setting": Kind("error", "The setting is {value!r}, not {wanted}.", "Correct it, or leave it out."),
    "cannot-read": Kind("error", "It cannot be read: {why}.", "Check who may read it."),
    "not-a-file": Kind("error", "This is a folder or a device, not a file.", "Name a file."),
    "wrong-content": Kind(
        "error",
        "The name says {expected}, but the content is {found}.",
        "Rename the file after what it is, or export it again.",
    ),
    "damaged": Kind("error", "The file is damaged: {why}.", "Export or copy it again."),
    "password": Kind("error", "The file is protected by a password.", "Save it without a password."),
    "zip-bomb": Kind(
        "error",
        "It would unpack to {megabytes} MB in {members} parts, which no honest file of this size does.",
        "Ask where it comes from; split it if it is honest.",
    ),
    "took-too-long": Kind("error", "Reading took more than {seconds} seconds.", "Split the file."),
    "out-of-memory": Kind("error", "Reading needs more memory than is allowed.", "Split the file."),
    "reader-died": Kind(
        "error", "Reading stopped by force ({why}).", "Split the file, or look for what is wrong with it."
    ),
    "not-text": Kind(
        "error", "The file holds bytes that are no text: {why}.", "Export it again as CSV with UTF-8."
    ),
    "encoding-guessed": Kind(
        "warning",
        "The text is not UTF-8; it was read as {encoding}.",
        "Check the letters; save the file as UTF-8 to be sure.",
    ),
    "no-header": Kind(
        "error", "There is no row with headers.", "Put the names of the columns in the first row."
    ),
    "duplicate-header": Kind(
        "error",
        "Columns {first} and {second} are both called {name!r}.",
        "Rename or remove one of them.",
    ),
    "ragged-row": Kind(
        "error",
        "The row has {found} cells, the header has {expected}; {effect}.",
        "Correct the row; a cell that holds the delimiter needs quotes around it.",
    ),
    "blank-rows": Kind(
        "warning", "{count} rows are blank; the first is this one. They were left out.", "Delete them."
    ),
    "stray-quote": Kind(
        "warning",
        "A quotation mark stands inside a cell without being doubled; the cell was read as {cell!r}.",
        "Check the cell; write two quotation marks where one is meant.",
    ),
    "no-tables": Kind(
        "error", "There are no observations to write.", "Choose a format for structures, or another file."
    ),
    "left-out": Kind(
        "note",
        "{format} has no place for {part} ({count}); it was left out.",
        "Choose another format to keep it.",
    ),
    "not-storable": Kind(
        "error", "The cell holds {what}, which the format cannot hold.", "Correct the cell."
    ),
    "too-many-rows": Kind(
        "error",
        "{rows} rows, {columns} columns do not fit in a sheet; it holds 1,048,576 rows, 16,384 columns.",
        "Write CSV instead.",
    ),
    "no-table": Kind(
        "error", "No sheet has a row with headers.", "Put the names of the columns above the data."
    ),
    "no-table-in-sheet": Kind(
        "note", "The sheet has no row with headers; it was left out.", "Nothing to do, unless it holds data."
    ),
    "hidden-sheet": Kind(
        "note",
        "The sheet is hidden; it was read like the others.",
        "Remove it if it is not meant to be read.",
    ),
    "merged-cells": Kind(
        "warning",
        "{count} merged cells below the header; their content was taken for every cell that they cover.",
        "Write the content into every cell.",
    ),
    "formulas": Kind(
        "warning",
        "{count} cells hold formulas; the value last calculated was read.",
        "Check that they are up to date.",
    ),
    "formula-without-value": Kind(
        "error",
        "The cell holds a formula that was never calculated, so it has no value.",
        "Open the workbook in a spreadsheet and save it.",
    ),
    "error-cell": Kind("error", "The cell shows the error {what}.", "Correct the formula or the cell."),
    "macros": Kind("warning", "The workbook holds macros. They were not run.", "Save it without macros."),
    "external-links": Kind(
        "warning",
        "The workbook takes values from other workbooks; the last known ones were read.",
        "Replace the links by their values.",
    ),
    "quote-not-closed": Kind(
        "error",
        "A quotation mark is opened here and not closed in its place.",
        "Close the quotation mark, or remove it.",
    ),
}
SDMX: dict[str, Kind] = {  # SDMX, and what holds for every XML file
    "xml-doctype": Kind(
        "error",
        "The file declares a document type (DOCTYPE); such files are refused, for entities can be an attack.",
        "Remove the DOCTYPE, or export the file again without it.",
    ),
    "xml-malformed": Kind(
        "error", "This is not well-formed XML: {why}.", "Export the file again; it may be cut off."
    ),
    "xml-undecodable": Kind(
        "warning",
        "{count} letters are not valid {encoding}; the first is here. They were read as \ufffd.",
        "Correct them at the source, or export the file again in UTF-8.",
    ),
    "sdmx-message": Kind(
        "error",
        "This is {found}, not a data or structure message of SDMX-ML.",
        "Export structure-specific or generic data of SDMX-ML 2.1.",
    ),
    "sdmx-version": Kind(
        "error", "This structure message is older than SDMX-ML 2.1.", "Export it again as SDMX-ML 2.1."
    ),
    "sdmx-several-values": Kind(
        "error",
        "A component with several values (SDMX 3.0) stands here; a row has one value for each column.",
        "Export the data as SDMX-ML 2.1.",
    ),
    "sdmx-deletion": Kind(
        "warning",
        "The data set asks for its {count} observations to be deleted; they were read as data.",
        "Leave the file out if the observations are to go.",
    ),
    "sdmx-several-structures": Kind(
        "warning",
        "There are several data structures; {used} is used, not {others}.",
        "Keep each data structure in a file of its own.",
    ),
    "sdmx-repeated-code": Kind(
        "warning",
        "The code {code} stands twice in the list {list}; the first is used.",
        "Remove one of them.",
    ),
    "sdmx-no-structure": Kind(
        "error",
        "There is neither a data structure nor a table to make one from.",
        "Name a file that has one.",
    ),
    "sdmx-bad-id": Kind(
        "error",
        "{id!r} cannot be written as an id of SDMX ({what}).",
        "Use Latin letters, digits, _ and -; a version is made of digits and dots.",
    ),
    "sdmx-two-lists": Kind(
        "error", "Two different code lists are both called {list}.", "Give one of them another id or version."
    ),
    "sdmx-control-character": Kind(
        "error", "{column} holds a character ({character}) that XML cannot hold.", "Remove it at the source."
    ),
    "sdmx-no-period": Kind(
        "warning",
        "{count} rows have no time period that SDMX knows; the first is this one. "
        "They are written without one.",
        "Fill in the period: 2024, 2024-Q1, 2024-05.",
    ),
    "sdmx-period-unknown": Kind(
        "warning",
        "Rows without a time period that SDMX knows: {count}; the first is this one. "
        "They are in {file}, not in the SDMX files.",
        "Fill in the period: 2024, 2024-Q1, 2024-05.",
    ),
    "sdmx-period-taken": Kind(
        "warning",
        "Rows that would share key and period with another, since SDMX knows no period {text!r}: {count}; "
        "the first is this one. They are in {file}, not in the SDMX files.",
        "Decide which row counts, or add the column that tells them apart.",
    ),
    "sdmx-period-marked": Kind(
        "note",
        "Periods with a mark, such as {text!r}: {count}. TIME_PERIOD is without the mark; "
        "the text as written is kept beside it.",
        "Nothing is lost; the place for such a mark is OBS_STATUS or COMMENT_OBS.",
    ),
    "sdmx-no-columns": Kind(
        "error",
        "The first row has no OBS_VALUE, or does not begin with DATAFLOW or STRUCTURE, STRUCTURE_ID.",
        "Export the file again as SDMX-CSV, or give it as tidy CSV.",
    ),
}
OPEN_SDG: dict[str, Kind] = {
    "no-configuration": Kind(
        "note",
        "There is no configuration file; the defaults of Open SDG hold.",
        "Add config_data.yml if others are meant.",
    ),
    "configuration-unreadable": Kind(
        "error",
        "The configuration cannot be read: {why}. "
        "What stands in front of it counts, else the defaults of Open SDG.",
        "Correct the line named.",
    ),
    "configuration-in-script": Kind(
        "note",
        "There is no configuration file; the inputs were taken from the text of the script {file}, "
        "which is not run.",
        "Check that they are complete, or move them to config_data.yml.",
    ),
    "script-followed": Kind(
        "note",
        "On its way to the platform this script changes data or metadata ({names}); "
        "the same is done here, without running it.",
        "Nothing is to be done.",
    ),
    "script-not-followed": Kind(
        "warning",
        "On its way to the platform this script changes data or metadata "
        "in ways that are not followed here ({names}).",
        "What it does is missing here: see whether figures depend on it.",
    ),
    "script-fails": Kind(
        "warning",
        "The function {name} of the build script fails here ({why}); nothing was changed.",
        "Correct the function, or the file.",
    ),
    "no-language": Kind(
        "error",
        "{text!r} under languages is no code of a language.",
        "Write codes such as en, ru or sr-Latn.",
    ),
    "link-outside": Kind(
        "warning",
        "The file is a link that leads out of the folder; it is not read.",
        "Put the file itself into the folder.",
    ),
    "input-not-read": Kind(
        "warning",
        "The input {input} was not read: {why}.",
        "Put its data into the folder, as CSV or SDMX-ML, if needed.",
    ),
    "input-empty": Kind(
        "note", "The input {input} finds no file: {place}.", "Correct its pattern, or remove the input."
    ),
    "map-missing": Kind(
        "error",
        "The file {place} that the option {option} names is not in the folder.",
        "Add it, or remove the option.",
    ),
    "schema-missing": Kind(
        "warning",
        "The schema of the metadata, {place}, is not in the folder.",
        "Add it, or correct its name.",
    ),
    "download-not-offered": Kind(
        "warning",
        "The download {button} is not offered: {why}.",
        "Correct it under indicator_downloads in the configuration.",
    ),
    "schema-unreadable": Kind(
        "error", "The schema of the metadata cannot be read: {why}.", "Correct the line named."
    ),
    "metadata-unreadable": Kind(
        "error",
        "The metadata cannot be read: {why}.",
        "Correct the line named: mostly it is a colon or quotation mark inside a text without quotes, "
        "or the indentation.",
    ),
    "word-no-template": Kind(
        "error",
        "No row of a table begins with a concept of the SDG metadata template, such as 0.a. Goal.",
        "Copy the content into the official template, or correct the names in its first column.",
    ),
    "translations-unreadable": Kind(
        "error", "The translations cannot be read: {why}.", "Correct the line named."
    ),
    "translations-elsewhere": Kind(
        "note",
        "Translations are kept at {source}, which is not in the folder; nothing is fetched.",
        "Put a copy of that repository into the folder to have its texts.",
    ),
    "structure-elsewhere": Kind(
        "warning",
        "The data structure definition {wanted} is not in the folder; used instead: {used}.",
        "Put it into the folder. Without one, a file's name says which indicator it is about.",
    ),
    "several-files": Kind(
        "warning",
        "The indicator {indicator} is in {count} files ({files}); the platform uses the last, {used}.",
        "Keep it in one file, or decide which one counts.",
    ),
    "files-in-no-input": Kind(
        "note",
        "{count} CSV files beside the data belong to no input, so the platform does not use them: {files}.",
        "Rename them as the configuration expects, or remove them.",
    ),
    "series-without-indicator": Kind(
        "warning",
        "The data structure definition names no indicator for the series {series}; "
        "its {count} observations are not published.",
        "Annotate the series, or name its indicator in indicator_id_map.",
    ),
    "row-labels": Kind(
        "error",
        "The first row has {found} cells, the header has {expected}: "
        "the platform takes the cells in front for labels of the row, and all others move to the left.",
        "Put quotation marks around a cell that holds a comma, or name the column without header.",
    ),
    "header-meant": Kind(
        "error",
        "There is no column {meant}, which the platform needs; the column {name!r} was taken for it.",
        "Rename it {meant}, without spaces.",
    ),
}
CATALOGUE: dict[str, Kind] = {
    "definition-unreadable": Kind(
        "error",
        "The definition cannot be read as YAML: {why}.",
        "Correct the line named: mostly it is indentation, a colon in a text without quotes, or a bracket.",
    ),
    "definition-too-large": Kind(
        "error",
        "The definition has {size} characters; {limit} is the limit.",
        "Put one definition into one file.",
    ),
    "definition-too-deep": Kind(
        "error", "The definition is nested too deeply.", "Use the layout of the definitions that ship."
    ),
    "definition-not-entries": Kind(
        "error",
        "The definition is not a set of entries such as `code: 10.7.1`.",
        "Use the layout of the definitions that ship.",
    ),
    "definition-unsafe": Kind(
        "error",
        "The entry has the tag {tag}, which is not plain data.",
        "Remove the tag: a definition holds only texts, numbers, dates and lists.",
    ),
    "definition-anchor": Kind(
        "error", "The entry repeats another one by reference (*).", "Write the entry out in full."
    ),
    "definition-twice": Kind(
        "error", "The field {field} is given twice.", "Keep one of the two; the second would hide the first."
    ),
    "definition-missing": Kind(
        "error", "The field {field} is missing.", "Add it, or fill it where it is empty."
    ),
    "definition-unknown-field": Kind(
        "error",
        "There is no field {field}.",
        "Remove it, or correct the name; the nearest known one is: {near}.",
    ),
    "definition-type": Kind("error", "{field} is {found}.", "Write {expected}."),
    "definition-direction": Kind(
        "error",
        "The direction is {found}, which is none of the three.",
        "Write up, down, or none (do not assess), and for none say why in direction_reason.",
    ),
    "definition-reason": Kind(
        "error", "{of} is given without a reason.", "Say why in {field}, in each language."
    ),
    "definition-ways": Kind(
        "error",
        "The definition gives {count} ways to the value instead of one.",
        "Give either method, or questionnaire, or not_computed with the reason.",
    ),
    "definition-choice": Kind("error", "{field} is {found}, which is not known.", "Choose one of: {known}."),
    "definition-range": Kind(
        "error", "The minimum {minimum} of {field} is above its maximum {maximum}.", "Swap or correct them."
    ),
    "definition-code": Kind(
        "error",
        "{found} cannot be the code of an indicator.",
        "Use Latin letters, digits, dots and hyphens, such as 10.7.1; {limit} characters at most.",
    ),
    "definition-options": Kind(
        "error",
        "The method {method} cannot work with these options and rows: {why}.",
        "Compare them with a definition that ships and has the same method.",
    ),
    "definition-example": Kind(
        "error",
        "The worked example gives {got}, not {expected}.",
        "Correct the example, or the method and its options: a definition must give what its example says.",
    ),
    "unknown-indicator": Kind(
        "error",
        "There is no definition of an indicator {wanted}.",
        "Check the code; the nearest are: {near}.",
    ),
    "unknown-framework": Kind(
        "error", "There is no framework {wanted}.", "Check the code; known are: {near}."
    ),
    "unknown-entry": Kind(
        "error", "The framework {framework} has no {wanted}.", "Check the code; the nearest are: {near}."
    ),
    "unknown-code-list": Kind(
        "error", "There is no code list {wanted}.", "Check the name; the nearest are: {near}."
    ),
    "unknown-questionnaire": Kind(
        "error", "There is no questionnaire {wanted}.", "Check the code; known are: {near}."
    ),
}
TALLY: dict[str, Kind] = {
    "unknown-item": Kind(
        "error", "The questionnaire has no item {item}.", "Use one of its codes, {first} to {last}."
    ),
    "unknown-answer": Kind(
        "error", "Item {item} is answered {answer}.", "Answer with one of: {known}; or leave it empty."
    ),
    "answer-not-offered": Kind(
        "error",
        "Item {item} is answered {answer}, which is not offered in domain {domain}.",
        "Answer with one of: {known}; or leave it empty.",
    ),
}

INCOMING: dict[str, Kind] = {  # rows of a delivery, one by one
    "no-indicator": Kind(
        "error",
        "It cannot be told which indicator the row is about.",
        "Add a column with the indicator's code, or choose the indicator for the whole file.",
    ),
    "indicator-not-listed": Kind(
        "error",
        "The indicator {indicator} is not on the country's list.",
        "Correct the code, or ask for the indicator to be added to the list.",
    ),
    "no-period": Kind("error", "The row has no year.", "Fill in the year, such as 2024 or 2024/25."),
    "nothing-given": Kind(
        "error",
        "There is no value and no reason for it.",
        "Fill in the value, give a status (O missing, L not collected, M cannot exist, Q suppressed), "
        "or delete the row.",
    ),
    "status-without-reason": Kind(
        "error",
        "There is no value, and the status {status} does not say why.",
        "Fill in the value, or give a status that does: O missing, L not collected, M cannot exist, "
        "Q suppressed.",
    ),
    "status-unreadable": Kind(
        "error",
        "{text!r} is no observation status.",
        "Write a code of the list CL_OBS_STATUS, such as A normal, E estimated, P provisional, O missing.",
    ),
    "year-to-come": Kind(
        "error", "{text} has not been yet.", "Correct the year; mark a forecast with status F."
    ),
    "year-long-past": Kind("warning", "{text} is before {first_year}.", "Correct the year."),
    "comma-in-doubt": Kind(
        "error",
        "{text!r} has a decimal comma, while other cells of the column speak against it.",
        "Write a decimal point in every cell, as in 12.5.",
    ),
    "comma-of-two-kinds": Kind(
        "error",
        "The comma in {text!r} may part decimals or thousands.",
        "Write 1234 or 1.234, whichever is meant; Milepost does not guess.",
    ),
    "mark-instead": Kind(
        "error",
        "{text!r} stands in the place of a number.",
        "Leave the value blank and give a status: O missing, M cannot exist, Q suppressed.",
    ),
    "bound-instead": Kind(
        "error",
        "{text!r} is a bound, not a number.",
        "Write the number; if it may not be published, leave the value blank with status Q (suppressed).",
    ),
    "percent-beside": Kind(
        "error", "{text!r} has a percent sign.", "Write the number; the unit has its own column."
    ),
    "mark-beside": Kind(
        "error",
        "{text!r} has a mark beside the number.",
        "Write the number; put the mark into the status or the comment.",
    ),
    "value-with-status": Kind(
        "error",
        "The value {text} stands beside status {status}, which says that there is none.",
        "Correct the status, or remove the value. A suppressed value (Q) must not be published.",
    ),
    "bound-without-value": Kind(
        "error",
        "The bound {text} stands where there is no value.",
        "Remove the bound: beside a suppressed value it would tell what is suppressed. Or fill in the value.",
    ),
    "no-such-class": Kind(
        "error",
        "{text} is no class of {indicator}, which has only {classes}.",
        "Correct the value, or the indicator that it stands under.",
    ),
    "no-such-class-10-7-2": Kind(
        "error",
        "{text} cannot be SDG {indicator}. As a national series it is a class, overall and for each of the "
        "six policy domains: 1 requires further progress, 2 partially meets, 3 meets, 4 fully meets. "
        "It is neither a percentage nor a number of countries or agreements.",
        "Give the class from 1 to 4 for each domain; move other figures to an indicator of their own.",
    ),
    "value-impossible": Kind(
        "error", "{indicator} cannot be {text} in {unit} ({bounds}).", "Correct the value or its unit."
    ),
    "value-unlikely": Kind(
        "warning",
        "{indicator} is hardly ever {text} in {unit} ({bounds}).",
        "Look at the source; correct the value or its unit.",
    ),
    "count-below-zero": Kind("error", "A count cannot be {text}.", "Correct the value or its unit."),
    "total-in-words": Kind(
        "warning",
        "{text!r} spells out the total; so it counts as one more category.",
        "Say on the page of columns and words that it means no breakdown, or leave the cell blank.",
    ),
    "word-without-code": Kind(
        "error",
        "{text!r} is no code of {concept}, and none was chosen for it.",
        "Choose the code for this word, or correct the word.",
    ),
    "bounds-reversed": Kind(
        "error", "The lower bound {lower} is above the upper bound {upper}.", "Correct or swap the bounds."
    ),
    "outside-own-bounds": Kind(
        "warning",
        "The value {value} is outside its own bounds, {lower} to {upper}.",
        "Correct one of the three.",
    ),
    "text-too-long": Kind("error", "The text has {length} characters; {limit} is the limit.", "Shorten it."),
    "same-figure-twice": Kind("note", "Row {line} says the same.", "Nothing to do; it counts once."),
    "figures-conflict": Kind(
        "error",
        "Rows {lines} give different figures for the same thing: {values}.",
        "Decide which one is right: use it, and leave the others.",
    ),
    "left-by-decision": Kind("note", "Somebody decided to leave this row out.", "Nothing to do."),
    "no-figures": Kind(
        "error",
        "The file holds no table of figures.",
        "Send the workbook, CSV file or folder with the figures.",
    ),
    "too-many-columns": Kind(
        "error", "The table has {count} columns; {limit} is the limit.", "Leave out the columns not needed."
    ),
    "archive-path": Kind(
        "error",
        "The archive holds a path that leads out of it or cannot be a file: {name}.",
        "Pack the folder again, with plain names.",
    ),
    "archive-link": Kind(
        "error", "The archive holds a link or a device: {name}.", "Pack the file itself instead of the link."
    ),
    "column-twice": Kind(
        "error",
        "Two columns are read as {concept}: {first} and {second}.",
        "Choose another meaning for one of them, or leave it out.",
    ),
    "rows-closed": Kind(
        "error",
        "The figures are not a draft any more, so their rows cannot be changed.",
        "Take them back first, or have them returned.",
    ),
}

WEB: dict[str, Kind] = {
    "demonstration-not-empty": Kind(
        "error",
        "There are users in this installation already.",
        "Load the demonstration into an empty one: set MILEPOST_HOME to another folder and run migrate.",
    ),
    "demonstration-file": Kind(
        "error", "A file of the demonstration could not be published.", "Install Milepost again."
    ),
    "unknown-entry-of": Kind(
        "error", "The catalogue has no entry {entry}.", "Write framework/code, such as sdg/10.7.1 or gcm/6."
    ),
    "pair-within": Kind(
        "error",
        "Both entries are of the framework {framework}.",
        "Choose entries of two different frameworks.",
    ),
    "code-taken": Kind(
        "error", "The list {list} has a code {code} already.", "Change that one, or choose another code."
    ),
    "code-unreadable": Kind(
        "error",
        "{text!r} cannot be a code.",
        "Use Latin letters, digits and the signs . _ + -; {limit} characters at most.",
    ),
    "name-missing": Kind("error", "There is no name.", "Give a name, in one language at least."),
    "tag-taken": Kind("error", "There is a tag {name} already.", "Use that one, or choose another name."),
    "definition-other-code": Kind(
        "error",
        "The text is about {found}, but this is the definition of {code}.",
        "Write code: {code}, or start a definition of {found} of its own.",
    ),
    "reason-missing": Kind("error", "There is no reason.", "Say in a sentence why."),
    "target-twice": Kind(
        "error", "There is a target for {year} already.", "Revise that one, or set another year."
    ),
    "target-impossible": Kind(
        "error",
        "{found} cannot be reached: by the definition values lie between {lowest} and {highest}.",
        "Check the number and its unit.",
    ),
    "baseline-half": Kind(
        "error", "Of value and year of the baseline one is missing.", "Give both, or leave out both."
    ),
    "baseline-late": Kind(
        "error", "The year of the baseline is not before that of the target.", "Correct one of the years."
    ),
    "source-missing": Kind(
        "error", "It is not said which act sets the target.", "Give its name, number and date."
    ),
    "method-unknown": Kind("error", "There is no method {name}.", "Choose one of the list."),
    "institution-elsewhere": Kind(
        "error", "{name} does not work in this country, or not any more.", "Choose another institution."
    ),
    "due-past": Kind("error", "The date {date} is past.", "Choose today or a later day."),
    "request-size": Kind(
        "error",
        "The request asks for {count} figures; a form holds from 1 to {limit}.",
        "Ask for fewer years or breakdowns, or for a file.",
    ),
    "answer-of-another": Kind(
        "error", "The figures are of another institution.", "Answer with figures of your own."
    ),
    "letters-not-sent": Kind(
        "error",
        "{count} letters could not be sent: {why}.",
        "Check MILEPOST_EMAIL_URL and the mail server; what they say stands in the next letter.",
    ),
}

OPERATION: dict[str, Kind] = {
    "job-crashed": Kind(
        "error",
        "Milepost itself failed in this work.",
        "Try again; if it fails again, report it: the log of the server has the details under job {number}.",
    ),
    "job-lost": Kind(
        "error",
        "The process that did this work was interrupted, {count} times in a row.",
        "See whether the server has enough memory and is not restarted, then try again.",
    ),
    "stored-file-missing": Kind(
        "error", "This file is not kept any more.", "Bring it back from a backup: {path}."
    ),
    "stored-file-changed": Kind(
        "error", "This file is not as it came any more.", "Bring it back from a backup: {path}."
    ),
    "settings-refused": Kind("error", "{what}", "Correct it, then try again."),
    "no-database": Kind(
        "error", "The database does not answer: {why}.", "Start it, or correct DATABASE_URL."
    ),
    "not-migrated": Kind(
        "error",
        "The database is not made for this version of Milepost; migrations missing: {count}.",
        "Make a backup if it holds anything, then run milepost migrate.",
    ),
    "cannot-listen": Kind(
        "error",
        "The server cannot listen there: {why}.",
        "Stop what listens there, or choose another --port.",
    ),
    "backup-name": Kind(
        "error", "A backup is a zip archive.", "Name it so, for example milepost-2026-03-31.zip."
    ),
    "backup-damaged": Kind(
        "error", "This is no whole backup: {what}.", "Take another copy, or an earlier backup."
    ),
    "backup-of-another-version": Kind(
        "error",
        "The backup was made by Milepost {version}, whose tables are not those of this version: {names}.",
        "Restore it with that version, then install this one and run milepost migrate.",
    ),
    "database-not-empty": Kind(
        "error",
        "The database holds an installation already; users: {count}.",
        "Restore into an empty one, or say --force to lose what is there.",
    ),
    "database-inconsistent": Kind(
        "error", "The rows do not fit together: {why}.", "Nothing was changed. Take another backup."
    ),
}

DATASETS: dict[str, Kind] = {  # figures on their way to the public, official sources, lists, the calendar
    "deed-not-now": Kind(
        "error",
        "This cannot be done any more, or not yet.",
        "Look at the page again: somebody may have been first.",
    ),
    "dataset-unread": Kind(
        "error", "The file has not been read yet.", "Wait until it is, or say what its columns mean."
    ),
    "conflicts-undecided": Kind(
        "error",
        "{count} rows give different figures for one key.",
        "Decide for each which one is used, or leave them out.",
    ),
    "nothing-to-publish": Kind(
        "error",
        "The figures add nothing and change nothing.",
        "Discard the dataset, or send a file with other figures.",
    ),
    "dataset-moved": Kind(
        "error",
        "Other figures were published meanwhile, so this would do something else than was shown.",
        "The dry run was made again: look at it, and decide anew.",
    ),
    "correction-unexplained": Kind(
        "error",
        "It is not said what was wrong.",
        "Write a note: it is published with the correction.",
    ),
    "release-past": Kind("error", "The date {date} is past.", "Choose a moment to come."),
    "release-not-yet": Kind(
        "error", "The figures may not be public before {date}.", "Wait for the date, or change it first."
    ),
    "date-of-calendar": Kind(
        "error",
        "The dataset waits for an entry of the release calendar.",
        "Change the date of that entry, with a reason.",
    ),
    "release-dataset": Kind(
        "error",
        "The dataset {title} cannot wait for this entry.",
        "Choose one of the same country and institution that is not published yet.",
    ),
    "release-dataset-twice": Kind(
        "error",
        "The dataset {title} waits for another entry already.",
        "Take it from that entry first.",
    ),
    "release-indicator": Kind(
        "error", "These are not on the list of the country: {codes}.", "Choose indicators of its list."
    ),
    "title-missing": Kind("error", "There is no title.", "Write one, in one language at least."),
    "source-without-figures": Kind(
        "error",
        "{name} has no figures of {count} of these series.",
        "Choose only series of which it has figures.",
    ),
    "indicator-code": Kind(
        "error",
        "{code!r} is not the code of an indicator.",
        "Write letters and digits with dots or hyphens between, such as 10.7.1.",
    ),
    "indicator-listed": Kind(
        "error", "{code} is on the list of {country} already.", "Edit it, or choose another code."
    ),
    "indicator-without-title": Kind(
        "error",
        "The catalogue has no indicator {code}, and there is no title.",
        "Correct the code, or give the indicator a title.",
    ),
}

MEASURE: dict[str, Kind] = {  # designs, weights, categories: what keeps an estimate from being made
    "unknown-column": Kind(
        "error",
        "The file has no column {column}.",
        "Correct the name in the mapping; near it are: {near}. Or it is the mapping of another file.",
    ),
    "unknown-engine": Kind("error", "There is no engine {name}.", "Name one of these: {known}."),
    "unknown-source": Kind(
        "error", "Rows of the kind {kind} cannot be scanned.", "Convert them to Parquet or CSV."
    ),
    "spark-missing": Kind(
        "error",
        "Spark is not installed here.",
        'Install it with: pip install "{extra}"; or use the engine duckdb.',
    ),
    "spark-no-java": Kind(
        "error",
        "Spark needs Java, which is not found.",
        "Install Java 17 or later, or set JAVA_HOME; or use the engine duckdb.",
    ),
    "spark-master": Kind(
        "error",
        "{setting} does not say where Spark is.",
        "Write spark://host:7077, yarn, or local[4] for four threads of this machine.",
    ),
    "spark-refused": Kind(
        "error",
        "Spark cannot be used: {why}.",
        "See that the Spark of {setting} runs, and has the version of this one.",
    ),
    "measure-method": Kind("error", "There is no method {name}.", "Name one of these: {known}."),
    "statistic-unknown": Kind("error", "There is no statistic {name}.", "Name one of these: {known}."),
    "role-missing": Kind(
        "error", "The method {method} needs a column for {role}.", "Name it under `columns` in the mapping."
    ),
    "dimension-unknown": Kind(
        "error",
        "The mapping names no column for the dimension {dimension}.",
        "Add it under `dimensions`, or break down by: {known}.",
    ),
    "second-missing": Kind(
        "error", "The denominator comes from a second file, which is not there: {file}.", "Name that file."
    ),
    "replicate-factors": Kind(
        "error",
        "There are {columns} replicate weights and {factors} factors of them.",
        "State one factor for each replicate weight; a stratified jackknife cannot do without.",
    ),
    "confidence-wrong": Kind(
        "error", "{confidence} is no level of confidence.", "Write a number between 0 and 1, such as 0.95."
    ),
    "share-wrong": Kind(
        "error", "{share} is no share of a quantile.", "Write a number between 0 and 1; 0.5 is the median."
    ),
    "weight-no-number": Kind(
        "error",
        "{count} weights are no numbers; the first stands here.",
        "Correct them, or name the column that holds the weights.",
    ),
    "weight-negative": Kind(
        "error",
        "{count} weights are negative; the first stands here.",
        "Correct them; nobody counts less than 0.",
    ),
    "weight-blank": Kind(
        "note",
        "{count} rows without a weight are left out; they are not counted as part of the sample.",
        "Check that they were not in the sample, or give them their weights.",
    ),
    "weight-zero": Kind(
        "note",
        "{count} rows have a weight of 0: they stand for nobody, and stay in the design.",
        "Check that this is meant.",
    ),
    "stratum-missing": Kind(
        "error", "{count} rows of the sample have no stratum; the first stands here.", "Fill it in."
    ),
    "psu-missing": Kind(
        "error", "{count} rows of the sample have no sampling unit; the first stands here.", "Fill it in."
    ),
    "psu-in-two-strata": Kind(
        "error",
        "{count} sampling units lie in several strata.",
        "Correct them; or, if units are numbered anew in each stratum, set `nested: true` in the mapping.",
    ),
    "lonely-stratum": Kind(
        "error",
        "{count} of {strata} strata have one sampling unit, so that nothing can be said of their variance.",
        "Merge strata, or choose a rule: `lonely: certainty`, `average` or `centre`.",
    ),
    "fpc-wrong": Kind(
        "error",
        "{count} rows do not say how many sampling units the population has; the first stands here.",
        "Fill in their number in the stratum, or, up to 1, the share of them that was drawn.",
    ),
    "fpc-varies": Kind(
        "error",
        "In {count} strata the number of sampling units in the population differs from row to row.",
        "State one number for all rows of a stratum.",
    ),
    "fpc-too-small": Kind(
        "error",
        "In {count} strata the sample has more sampling units than the population.",
        "State the number of sampling units, not of persons, in the population of the stratum.",
    ),
    "replicate-weight-wrong": Kind(
        "error", "{count} replicate weights are no numbers; the first stands here.", "Correct them."
    ),
    "category-unknown": Kind(
        "error",
        "{count} rows belong to no category of {dimension}; the first stands here.",
        "Add their values to its recode, or name a category for all others (`other`).",
    ),
    "too-many-categories": Kind(
        "error",
        "The column has more than {most} different values, which is no classification.",
        "Break down by another column, or group its values in bands.",
    ),
    "too-many-cells": Kind(
        "error", "The tables would have more than {most} cells.", "Cross fewer dimensions, or coarser ones."
    ),
    "price-list-too-long": Kind(
        "error",
        "The file has more than {most} rows, which {method} cannot hold.",
        "Give it the list of prices, not of single transfers.",
    ),
    "domain-empty": Kind(
        "note",
        "None of the {rows} rows could be used.",
        "Look at the conditions, and at why rows were left out.",
    ),
    "no-design": Kind(
        "note",
        "No weights and no design are named, so that no sampling errors are given.",
        "That is right for registers and full counts; for a sample name weight, stratum and psu.",
    ),
    "engine-memory": Kind(
        "error",
        "The engine needs more memory than it may take.",
        "Break down by fewer dimensions at once, or take a larger machine.",
    ),
    "engine-disk": Kind(
        "error",
        "There is not enough room in {folder} for what does not fit in memory.",
        "Free some, or set TMPDIR to a folder on a larger disk.",
    ),
    "microdata-unreadable": Kind(
        "error",
        "The engine cannot read the file from here on.",
        "Export it again, as Parquet if it stays so.",
    ),
}
MICRODATA: dict[str, Kind] = {  # files of records and the mappings that explain them
    "microdata-unknown-kind": Kind(
        "error",
        "The name {name} does not tell how the records are kept.",
        "Rename the file after what it is; known are: {known}.",
    ),
    "microdata-too-large": Kind(
        "error",
        "The file of records has {size} MB; {limit} MB is the limit.",
        "Convert it to Parquet or CSV, or raise MILEPOST_MAX_MICRODATA_MB.",
    ),
    "microdata-damaged": Kind(
        "error",
        "The records cannot be read: {why}.",
        "Export the file again, as Parquet or CSV if it stays so.",
    ),
    "microdata-column-twice": Kind(
        "error", "Several columns of the file are called {column}.", "Rename all but one of them."
    ),
    "nested-column": Kind(
        "error",
        "The cells of the column {column} hold lists or records of their own.",
        "Export it as columns of single numbers or words.",
    ),
    "parts-differ": Kind(
        "error",
        "The files of the folder do not have the same columns; this one differs from {first}.",
        "Keep only files of one dataset in the folder.",
    ),
    "no-parts": Kind(
        "error", "The folder holds no Parquet file.", "Name a file, or a folder of Parquet files."
    ),
    "several-sheets": Kind(
        "error", "Several sheets of the workbook hold a table: {sheets}.", "Say which one is meant."
    ),
    "unknown-sheet": Kind(
        "error", "The workbook has no sheet {sheet} with a table.", "Name one of these: {sheets}."
    ),
    "no-sheets": Kind("error", "Only workbooks have sheets.", "Leave out the name of the sheet."),
    "database-address": Kind(
        "error",
        "A database is not opened by its address.",
        "Write postgresql:NAME/table with the name of a connection that an administrator has set.",
    ),
    "database-unknown": Kind(
        "error",
        "There is no connection to a database called {name}.",
        "Correct the name, or have an administrator set {setting}.",
    ),
    "database-setting": Kind(
        "error",
        "{setting} is no address of a PostgreSQL database.",
        "Set it like postgresql://user@host/name.",
    ),
    "database-refused": Kind(
        "error", "The database of the connection {name} refuses: {why}.", "Have an administrator look at it."
    ),
    "database-no-table": Kind(
        "error",
        "The database of the connection {name} has no table {table} that can be read.",
        "Correct the name, with its schema where it has one, or ask for the right to read it.",
    ),
    "mapping-other-indicator": Kind(
        "error",
        "The mapping is for {found}, asked for is {wanted}.",
        "Take the mapping of {wanted}, or correct the code.",
    ),
    "mapping-not-computed": Kind(
        "error",
        "{indicator} is not computed from records.",
        "Its definition says where its value comes from; see milepost indicators {indicator}.",
    ),
    "mapping-method": Kind("error", "There is no method {found}.", "Name one of these: {known}."),
    "mapping-method-missing": Kind(
        "error", "{indicator} is not in the catalogue, and no method is given.", "Name one of these: {known}."
    ),
    "mapping-method-governs": Kind(
        "error",
        "{indicator} is measured by {method}; {found} is another number and cannot stand under this code.",
        "Leave out the method, or measure the other number under a code of your own.",
    ),
    "mapping-option-governs": Kind(
        "error",
        "The definition of {indicator} sets {field} to {wanted}, not {found}.",
        "Leave it out, or use a code of your own.",
    ),
    "mapping-series": Kind(
        "error", "{indicator} has several series, and none of them is chosen.", "Add series: one of {known}."
    ),
    "mapping-series-unknown": Kind(
        "error", "{indicator} has no series {found} that is computed.", "Choose one of: {known}."
    ),
    "mapping-role": Kind(
        "error",
        "The method {method} needs a column for {role}.",
        "Add it under columns: {role}, with the name of the file's column.",
    ),
    "mapping-dimension": Kind(
        "error",
        "The mapping has no dimension {dimension}.",
        "Add it under dimensions, or correct the name; the nearest are: {near}.",
    ),
    "mapping-dimension-name": Kind(
        "error",
        "A dimension cannot be called {dimension}: a column of the result has this name.",
        "Give it another name.",
    ),
    "mapping-bands-overlap": Kind(
        "error",
        "The ranges {first} and {second} overlap.",
        "End one before the next begins; both ends count.",
    ),
    "mapping-band": Kind(
        "error",
        "The range {band} is not from a lower to a higher number.",
        "Write [from, to] with both ends included; null is no end.",
    ),
    "mapping-mixed-recode": Kind(
        "error", "The recode of {field} mixes ranges and single values.", "Use either ranges or values."
    ),
    "mapping-not-a-sample": Kind(
        "error",
        "The method {method} takes the rows as all there are, so {role} has no meaning for it.",
        "Leave it out.",
    ),
    "mapping-not-of-groups": Kind(
        "error",
        "The method {method} takes every row as one unit, so persons has no meaning for it.",
        "Leave it out.",
    ),
    "mapping-no-second": Kind(
        "error",
        "The method {method} has no denominator that could come from a second file.",
        "Leave out second.",
    ),
    "mapping-no-replicates": Kind(
        "error",
        "No column of the file begins with {prefix}.",
        "Correct the beginning of the replicate weights.",
    ),
    "mapping-minimum": Kind(
        "error",
        "The definition of {indicator} asks for {wanted} respondents in a cell; the mapping allows {found}.",
        "Leave the minimum out, or raise it.",
    ),
    "nothing-protected": Kind(
        "note",
        "Nothing was hidden: no minimum of respondents is set (--protect none).",
        "Before the table leaves the office, give a minimum in the mapping (disclosure) or with --protect.",
    ),
    "protection-overridden": Kind(
        "warning",
        "{wanted} asks for {minimum} respondents in a cell; this was overridden (--protect {found}).",
        "Do not publish this table unless your office's rules allow it.",
    ),
    "estimates-ending": Kind(
        "error", "The name {name} does not say how the cells are to be written.", "End it in one of: {known}."
    ),
    "estimates-unreadable": Kind(
        "error", "This is no table of estimates: {why}.", "Name a file that milepost measure wrote."
    ),
}
MEASUREMENTS: dict[str, Kind] = {  # records in the application, which are not kept
    "records-gone": Kind(
        "error",
        "The records are not here any more: they are not kept.",
        "Upload them again; what was said of their columns is remembered.",
    ),
    "records-alone": Kind(
        "error",
        "Nobody went on with it for a day, so the records were deleted.",
        "Upload them again; what was said of their columns is remembered.",
    ),
    "measuring-killed": Kind(
        "error",
        "The process that measured was ended in the middle, and the records were deleted.",
        "Upload them again; what was said of their columns is remembered.",
    ),
    "records-failed": Kind(
        "error",
        "The records could not be worked on ({why}). What they hold is not told, and they were deleted.",
        "Export them again, as Parquet or CSV if it stays so, and tell an administrator.",
    ),
    "mapping-other-file": Kind(
        "error",
        "The file has no column {column}: the mapping is for another file.",
        "Choose another column, or take the mapping of this file.",
    ),
    "migratory-bases-mixed": Kind(
        "error",
        "The migratory status rests on the country of birth for some values and on citizenship for others.",
        "Use the codes of one of them; for both, measure twice.",
    ),
    "indicator-off-list": Kind(
        "error",
        "{indicator} is not on the country's list of indicators any more.",
        "Have the coordinator put it there again.",
    ),
}
DISCLOSURE: dict[str, Kind] = {  # tables that cannot be made safe
    "rule-out-of-range": Kind(
        "error",
        "The setting {rule} of disclosure control is {found}; it must be from {lowest} to {highest}.",
        "Correct the setting.",
    ),
    "rounding-too-fine": Kind(
        "error",
        "Rounding to {base} shows that a figure is below the minimum of {minimum} respondents.",
        "Round to at least the minimum, or hide cells instead.",
    ),
    "rounding-of-ratio": Kind(
        "error",
        "Ratios, means and shares cannot be rounded to {base}: only counts and totals that add up can.",
        "Protect them by hiding cells: give a minimum of respondents and no base of rounding.",
    ),
    "rounding-not-enough": Kind(
        "error",
        "Rounding to {base} is not enough: from the margins an unsafe figure ({cell}) follows too closely.",
        "Round to a larger base, or hide cells instead.",
    ),
    "cannot-protect": Kind(
        "error",
        "No choice of hidden cells can protect this one: {cell}.",
        "Put categories of {dimension} together, leave that breakdown out, or ask for a smaller range.",
    ),
    "cell-twice": Kind(
        "error", "The same cell comes twice: {cell}.", "Keep one row for each combination of categories."
    ),
    "dimensions-differ": Kind(
        "error",
        "Cells have different dimensions: {first}; {other}.",
        "Name every dimension in every cell, with _T where it is over all.",
    ),
    "margins-contradict": Kind(
        "error",
        "Hidden cells of this table can have no figures with which its margins add up ({quantity}).",
        "Check the margins, or protect the table before any of its cells are hidden.",
    ),
    "margins-do-not-add": Kind(
        "error",
        "The figures do not add up to their margins ({quantity}): {count}, the first at row {row}.",
        "Correct the figures or the hierarchy; a margin is the sum of its parts.",
    ),
    "respondents-missing": Kind(
        "error",
        "The number of respondents is missing for a cell: {cell}.",
        "Give it for every cell, or leave out the rules that need it.",
    ),
    "largest-missing": Kind(
        "error",
        "A rule of dominance needs the {count} largest contributions, which are missing for a cell: {cell}.",
        "Give them (columns largest_1, largest_2 and so on), or leave out that rule.",
    ),
    "protection-stopped": Kind(
        "error", "Disclosure control was stopped before it was done.", "Start it again; nothing was written."
    ),
    "no-dimensions": Kind(
        "error",
        "No column of the table breaks its figures down.",
        "Name the columns that do, or check that the first row holds the headers.",
    ),
    "nothing-to-protect": Kind(
        "error",
        "The table has neither numbers of respondents nor values.",
        "Name the column of each; without them nothing can be protected.",
    ),
}
KINDS: dict[str, Kind] = {
    **FILES, **SERIES, **CHECKS, **TABULAR, **SDMX, **OPEN_SDG, **CATALOGUE, **TALLY, **INCOMING,
    **MEASURE, **MICRODATA, **MEASUREMENTS, **DISCLOSURE, **WEB, **DATASETS, **OPERATION,
}  # fmt: skip


def describe(problem: Problem) -> str:
    """One line: where, what, how to mend it."""
    kind = KINDS[problem.code]
    details = dict(problem.details)
    return f"{problem.origin}: {kind.what.format(**details)} {kind.remedy.format(**details)}"


class MilepostError(Exception):
    """Something a person can mend. Holds every fault found, not only the first."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(describe(problem) for problem in self.problems))

    def __reduce__(self):
        """Pickled by its problems, so that it passes between processes."""
        return type(self), (self.problems,)


def refuse(code: str, origin: Origin | str, **details: object) -> MilepostError:
    """The error for a single fault, to be raised by the caller."""
    place = origin if isinstance(origin, Origin) else Origin(str(origin))
    return MilepostError([Problem(code, place, details)])
