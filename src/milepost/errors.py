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
    "progress-not-computed": Kind(
        "warning",
        "The metadata ask for a computed progress status, but none can be computed: {why}.",
        "Correct progress_calculation_options, or the data; the platform's own build would stop here.",
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
    "questionnaire-code": Kind(
        "error",
        "{found} cannot be a code of a questionnaire.",
        "Use Latin letters, digits, dots, hyphens and underscores, such as 1.2; {limit} characters at most.",
    ),
    "questionnaire-code-twice": Kind(
        "error", "The code {found} is given twice in {what}.", "Give each its own code."
    ),
    "questionnaire-reference": Kind(
        "error",
        "{found} is no code of a framework.",
        "Write the framework and the code, such as gcm/15; frameworks are: {known}.",
    ),
    "questionnaire-mapping": Kind(
        "error",
        "The mapping to a former version names {found}, and no question here has that code.",
        "Write the code of a question of this version on the left, that of the former one on the right.",
    ),
    "answers-not-a-form": Kind(
        "error",
        "The workbook is no form of answers: it lacks the sheet About or the sheet Answers.",
        "Write the form anew, and copy the answers into it.",
    ),
    "rounds-of-two-questionnaires": Kind(
        "error",
        "The rounds are of two questionnaires: {before} and {now}.",
        "Compare rounds of one questionnaire, in the same or in different versions.",
    ),
    "answers-other-version": Kind(
        "error",
        "The form is of {found}, not of {wanted}.",
        "Write the form of the questionnaire that is asked, and copy the answers into it.",
    ),
    "answers-unknown-question": Kind(
        "error", "The questionnaire has no question {question}.", "Restore the code of the row."
    ),
    "answers-not-offered": Kind(
        "error",
        "Question {question} does not offer the answer {text}.",
        "Choose one of: {known}.",
    ),
    "answers-twice": Kind(
        "error",
        "Question {question} is answered twice, and differently.",
        "Keep one answer; further evidence stands in rows without an answer.",
    ),
    "answers-kind": Kind("error", "{text} is no kind of evidence.", "Choose one of: {known}."),
    "evidence-without-title": Kind(
        "error",
        "The evidence of question {question} has no title.",
        "Name the law, document or source.",
    ),
    "question-unanswered": Kind(
        "warning", "Question {question} has no answer.", "Answer it; until then it counts as not answered."
    ),
    "answer-without-evidence": Kind(
        "warning",
        "The answer to question {question} has no evidence.",
        "Name the law, document or other source that proves it.",
    ),
    "evidence-repealed": Kind(
        "warning",
        "{title}, evidence of question {question}, is not in force since {day}.",
        "Name what is in force now, or change the answer.",
    ),
    "evidence-old": Kind(
        "warning",
        "{title}, evidence of question {question}, is of {day}: older than {years} years.",
        "Look for something newer, or say in the comment why it still holds.",
    ),
    "evidence-ahead": Kind(
        "warning",
        "{title}, evidence of question {question}, is of {day}, which is still to come.",
        "Correct the date.",
    ),
    "questionnaire-sheet": Kind(
        "error",
        "The workbook has no sheet {sheet}.",
        "Use the sheets and headings of a questionnaire that was written as a workbook.",
    ),
    "questionnaire-without-questions": Kind(
        "error", "The questionnaire has no question.", "List the questions of each domain under items."
    ),
    "questionnaire-without-answers": Kind(
        "error",
        "{item} is graded, but the questionnaire lists no answers.",
        "List the answers, or make the kind presence, yes_no or text.",
    ),
    "unknown-questionnaire": Kind(
        "error", "There is no questionnaire {wanted}.", "Check the code; known are: {near}."
    ),
}
TALLY: dict[str, Kind] = {
    "item-missing": Kind(
        "error", "An answer stands without its item.", "Name the item, such as 1a, or clear the answer."
    ),
    "item-twice": Kind(
        "error", "Item {item} is answered twice.", "Keep one of the two rows; nobody else can tell which."
    ),
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
    "mend-would-go": Kind(
        "error",
        "This row was changed by hand ({changed}), and the file is now read as saying something else of it.",
        "Say what the columns were before, or read the file again and let the change go.",
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
    "list-not-own": Kind(
        "error",
        "{list} is no list of the country's own with codes in it.",
        "Lists that ship keep their official name; begin one of your own with a code, then give it a title.",
    ),
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

PROJECTS: dict[str, Kind] = {  # the register of projects and their results matrices, in the application
    "shapes-too-large": Kind(
        "error",
        "The file has {size} MB; {limit} MB is the limit.",
        "Simplify the shapes before: a map of this size does not show more than a kilometre.",
    ),
    "shapes-too-many": Kind(
        "error",
        "The file has more than {limit} positions.",
        "Simplify the shapes before: a map of this size does not show more than a kilometre.",
    ),
    "shapes-not-json": Kind("error", "This is no GeoJSON: {why}.", "Save the shapes as GeoJSON in UTF-8."),
    "shapes-none": Kind("error", "There is no shape in the file.", "Choose a file with areas or lines."),
    "shapes-kind": Kind(
        "error",
        "{at}An area or a line was expected, and {found} was met.",
        "Leave only Polygon, MultiPolygon, LineString and MultiLineString in the file.",
    ),
    "shapes-list": Kind(
        "error", "{at}A list of positions was expected here.", "Save the shapes again from the map program."
    ),
    "shapes-position": Kind(
        "error", "{at}{found} is no position.", "A position is two numbers: degrees east, degrees north."
    ),
    "shapes-no-degrees": Kind(
        "error",
        "{at}{found} lies outside of the globe: degrees east go from -180 to 180, degrees north from -90 to "
        "90.",
        "Save the shapes in WGS 84 (EPSG:4326), longitude first, not in metres of a national grid.",
    ),
    "shapes-crs": Kind(
        "error",
        "The file says that its positions are of another system than WGS 84.",
        "Save the shapes in WGS 84 (EPSG:4326), longitude first.",
    ),
    "shapes-open": Kind(
        "error",
        "{at}The edge of an area does not end where it begins, or has less than four positions.",
        "Close the area in the map program.",
    ),
    "shapes-short": Kind("error", "{at}A line has less than two positions.", "Draw it, or leave it out."),
    "shapes-more-faults": Kind(
        "error", "There are {count} more faults in the file.", "Mend the first ones, and try again."
    ),
    "shapes-disclaimer-missing": Kind(
        "error",
        "The disclaimer is wanting in: {languages}.",
        "Write it in every language of the site: no shape is shown without it.",
    ),
    "shapes-source-missing": Kind(
        "error", "It is not said who drew the shapes.", "Name the office, and the day or edition."
    ),
    "shapes-enough": Kind(
        "error", "{limit} files of shapes are loaded already.", "Remove one that is not needed any more."
    ),
    "moment-unreadable": Kind(
        "error", "{text!r} is not a day, month or year.", "Write 2024, 2024-05 or 2024-05-12."
    ),
    "ends-before-start": Kind(
        "error", "The end, {end}, lies before the start, {start}.", "Exchange them, or correct one of them."
    ),
    "project-code-taken": Kind(
        "error",
        "Another project has the code {code}.",
        "Correct the code, or search for it: the same project of two sites is one record.",
    ),
    "project-after-itself": Kind(
        "error",
        "The project would come after itself: {path}.",
        "Remove one of the links, or say that the two stand beside each other.",
    ),
    "linked-already": Kind(
        "error", "These two projects are linked already.", "Remove that link first, if it is wrong."
    ),
    "second-lead": Kind(
        "error",
        "The project has a lead already: {name}.",
        "One organisation is accountable; give the other the role of a partner, or end the first.",
    ),
    "party-twice": Kind(
        "error", "This organisation has this role already.", "Leave it out, or choose another role."
    ),
    "party-nameless": Kind(
        "error", "The organisation has no name.", "Choose an institution of the list, or type the name."
    ),
    "end-is-fixed": Kind(
        "error",
        "The end of a project that runs is changed by an extension.",
        "Use the extension, which keeps its date and its reason.",
    ),
    "extension-expired": Kind(
        "error",
        "The project ended on {end}; an extension was to be asked for before.",
        "Complete the project, or reopen it by a decision of the fund.",
    ),
    "extension-not-asked": Kind(
        "error",
        "An extension cannot have been asked for on {day}: that day lies ahead.",
        "Type the day on which it was asked for.",
    ),
    "extension-shortens": Kind(
        "error", "The new end, {end}, is no later than the one in force.", "Type a later day."
    ),
    "step-needs": Kind(
        "error", "Before this step, this must be there: {what}.", "Fill it in, then take the step again."
    ),
    "not-yet-over": Kind(
        "error",
        "The project lasts until {end}.",
        "Wait for the end, or end it early, with a reason.",
    ),
    "result-code-taken": Kind(
        "error", "Another row or indicator of this matrix has the code {code}.", "Choose another code."
    ),
    "result-misplaced": Kind(
        "error",
        "The level {level} cannot stand below {parent}.",
        "Outcomes stand below the objective, outputs below outcomes, activities below outputs.",
    ),
    "result-in-use": Kind(
        "error",
        "There are rows, reported figures or contributions to targets below it.",
        "Remove those first; what was reported is never deleted.",
    ),
    "target-not-in-force": Kind(
        "error", "This target is not in force any more.", "Choose the revision in force."
    ),
    "contributes-already": Kind(
        "error",
        "It is said already that this indicator contributes to this target.",
        "Change what is said; it is on the project's page of contributions.",
    ),
    "share-out-of-range": Kind(
        "error", "The share is not above 0 and at most 100 per cent.", "100 per cent is the whole figure."
    ),
    "share-of-no-number": Kind(
        "error",
        "A part of this figure cannot be taken: it is no number of people or things.",
        "Leave the share at 100 per cent; the figure is shown, and not added.",
    ),
    "counted-in-a-circle": Kind(
        "error",
        "It cannot be counted there: that is itself counted in another one, or is of another target.",
        "Choose a contribution to the same target that is counted by itself; this one must hold no others.",
    ),
    "counted-in-another-unit": Kind(
        "error",
        "It cannot be counted there: that figure has another unit, or is not added.",
        "The same people or things are counted in the same unit.",
    ),
    "others-counted-in-it": Kind(
        "error",
        "Other contributions are counted in this one.",
        "Say first for each of them that it is counted by itself, or in another.",
    ),
    "period-overlaps": Kind(
        "error", "The period overlaps another one: {other}.", "Let it start after that one's end."
    ),
    "period-in-use": Kind(
        "error",
        "There are targets or reported figures for this period.",
        "Move them first; a period that was reported on stays.",
    ),
    "period-is-locked": Kind(
        "error",
        "The period {period} is locked.",
        "Ask who approves results to unlock it, with a reason.",
    ),
    "report-parts-missing": Kind(
        "error",
        "These parts of the report are not written yet: {what}.",
        "Write them, then send the report to review.",
    ),
    "report-known": Kind(
        "error",
        "There is such a report already, for the same days, in the same language.",
        "Open that one and go on in it.",
    ),
    "sent-before-approved": Kind(
        "error",
        "The day, {day}, is not between the approval and today.",
        "Type the day on which the report was sent.",
    ),
    "tolerance-missing": Kind(
        "error",
        "An indicator that is to be maintained needs a tolerance.",
        "Say how far it may stray from its target, in its own unit.",
    ),
    "percentage-needs-both": Kind(
        "error",
        "A percentage is given by its numerator and its denominator.",
        "Type both numbers; the percentage is worked out of them.",
    ),
    "denominator-not-positive": Kind(
        "error", "The denominator is not above zero.", "Type the number of which the percentage is a part."
    ),
    "figure-beside-absence": Kind(
        "error",
        "There is a number beside the words that there is none.",
        "Delete the number, or choose that it is reported.",
    ),
    "nothing-reported": Kind(
        "error",
        "No figure is reported, and nothing says why.",
        "Type the number, or choose why there is none.",
    ),
    "staff-and-office-share": Kind(
        "warning",
        "Staff and office take {share} % of the budget; {limit} % is the rule ({source}).",
        "Look whether that is agreed with the fund; the register refuses nothing.",
    ),
    "evaluation-share": Kind(
        "warning",
        "For the evaluation {share} % of the budget is set aside; at least {limit} % is the rule ({source}).",
        "Set a budget line for the evaluation.",
    ),
    "evaluation-after": Kind(
        "warning",
        "The project ended on {end} and has no evaluation; the rule is {limit} to {most} months ({source}).",
        "Plan the evaluation, or attach it to the project.",
    ),
    "endorsing-states": Kind(
        "warning",
        "Of the states {count} endorsed this regional project; at least {limit} is the rule ({source}).",
        "Enter the endorsements that came in, or ask for them.",
    ),
    "interim-report": Kind(
        "warning",
        "The project lasts {limit} months or longer, and its periods leave no room for an interim report"
        " ({source}).",
        "Add a period of reporting that ends before the project does.",
    ),
    "extension-request": Kind(
        "warning",
        "The project ends on {end}; an extension was to be asked for by {day} ({source}).",
        "Complete the project in time, or speak to the fund.",
    ),
    "budget-lines-differ": Kind(
        "warning",
        "The lines of the budget come to {lines}, the budget is {budget}.",
        "Add what is missing, or correct one of the two; both are kept as typed.",
    ),
    "prefix-differs": Kind(
        "note",
        "The code {code} is that of another type of project: {expected}.",
        "Correct the code or the type, if one of them is wrong.",
    ),
    "engagement-of-nothing": Kind(
        "error",
        "An engagement cannot belong to this.",
        "Start from the page of a project, programme, plan, assessment, evaluation or review.",
    ),
    "engagement-in-use": Kind(
        "error",
        "A report of results rests on this engagement.",
        "Correct the engagement instead; the report then says that it differs.",
    ),
    "attendance-impossible": Kind(
        "error", "{number} participants cannot be right.", "Type a number from 0 to {most}."
    ),
    "score-unreadable": Kind(
        "error",
        "Line {row}: {text!r} is no score.",
        "Write a number, or leave it blank where no test was taken.",
    ),
    "scores-too-many": Kind(
        "error", "{count} lines are too many.", "One engagement has at most {most} participants with scores."
    ),
    "score-maximum": Kind(
        "error", "The highest possible score is not above zero.", "Type the points of the test."
    ),
    "score-code": Kind(
        "error",
        "{code!r} is no anonymous code.",
        "Let each participant choose letters and digits, such as K7-31, with a digit at least; never a name.",
    ),
    "score-code-twice": Kind(
        "error",
        "The code {code} stands twice.",
        "Put both scores of one participant in one line, or tell the two apart.",
    ),
    "score-out-of-range": Kind(
        "error",
        "The score {score} of {code} lies outside 0 to {most}.",
        "Correct the score, or the highest one.",
    ),
    "not-countable": Kind(
        "error",
        "Engagements count towards indicators that are a number only.",
        "Report percentages and descriptions by hand, and name the engagement in them.",
    ),
    "counted-already": Kind(
        "error",
        "The engagement counts towards this indicator already.",
        "Remove that link first, if it is wrong.",
    ),
    "counted-otherwise": Kind(
        "error",
        "Other engagements count towards this indicator by: {what}.",
        "Choose the same, or remove the others first: one total cannot mix the two.",
    ),
    "nothing-to-take": Kind(
        "error",
        "No engagement of {period} counts towards this indicator, or nobody counted there.",
        "Type the figure, or link the engagements and count who came.",
    ),
    "task-after-itself": Kind(
        "error",
        "The tasks would wait for each other in a circle: {path}.",
        "Leave one of these out of what the task waits for.",
    ),
    "day-ahead": Kind(
        "error", "The day {day} lies ahead.", "Type the day on which it happened; leave blank what has not."
    ),
    "task-never-began": Kind(
        "error", "The task has an end and no beginning.", "Type the day on which it began."
    ),
    "percent-above-all": Kind("error", "{percent} % is more than the whole.", "Type a number from 0 to 100."),
    "task-starts-early": Kind(
        "warning",
        "“{task}” is planned to start on {start}, before “{before}”, for which it waits, ends on {end}.",
        "Move one of the two, or let the task wait for nothing.",
    ),
    "task-outside": Kind(
        "warning",
        "“{task}” is planned outside the time of the project: {days}.",
        "Move the task, or ask for an extension in time.",
    ),
    "plan-passes-the-end": Kind(
        "warning",
        "As things stand the work ends on {expected}; the project ends on {end}.",
        "Shorten or regroup the critical tasks, add people, or ask for an extension in time.",
    ),
    "post-in-use": Kind(
        "error",
        "Person-months are spent on this role.",
        "Set what is planned to zero instead; what was worked is never deleted.",
    ),
    "person-overloaded": Kind(
        "warning",
        "{who} has {months} person-months in {month}, over all projects that you work with.",
        "Move work to another month or person, or ask for more staff: one person has 1.",
    ),
    "role-overloaded": Kind(
        "warning",
        "The role “{who}”, which nobody has yet, takes {months} person-months in {month}.",
        "Plan for more than one person, or move work to another month.",
    ),
    "months-outside": Kind(
        "warning",
        "{who}: person-months are planned outside the time of the project, in {months}.",
        "Move them into the time of the project, or ask for an extension in time.",
    ),
    "months-do-not-fit": Kind(
        "warning",
        "{who}: {months} person-months are still to be worked, and {room} are free until {end}.",
        "Add people, leave work out, or ask for an extension in time.",
    ),
    "amount-is-zero": Kind("error", "The amount is zero.", "Type what was spent; below zero what came back."),
    "budget-line-in-use": Kind(
        "error",
        "Money is spent on this line.",
        "Correct those expenditures first; a line that money was spent on stays.",
    ),
    "line-overspent": Kind(
        "warning",
        "Of the line “{line}” {spent} {currency} are spent; {budget} are planned.",
        "Look whether an expenditure stands on the wrong line, or ask for a revision of the budget.",
    ),
    "spending-ahead": Kind(
        "warning",
        "Spending is {points} percentage points ahead of the time that passed; {limit} is the margin.",
        "Look whether the money will last, and say why in the next report.",
    ),
    "spending-behind": Kind(
        "warning",
        "Spending is {points} percentage points behind the time that passed; {limit} is the margin.",
        "Look whether expenditure is missing here or work is late, and plan the rest.",
    ),
    "tracking-no-right-target": Kind(
        "error",
        "Baselines and targets of this project are not yours to change.",
        "Ask the person who manages the project.",
    ),
    "tracking-no-right-actual": Kind(
        "error",
        "Results of this project are not yours to report.",
        "Ask the person who reports on the project.",
    ),
    "tracking-target-stays": Kind(
        "error",
        "A target is not taken away.",
        "Write another target and its reason, or “not applicable”.",
    ),
    "tracking-report-closed": Kind(
        "error",
        "The report of this period cannot be changed now; it is: {state}.",
        "Have it returned or take it back, then send the workbook in again.",
    ),
    "tracking-figure-refused": Kind(
        "error",
        "Another cell of the same figure cannot be taken in.",
        "Mend that cell; the cells of one figure are taken in together.",
    ),
    "tracking-number-too-long": Kind(
        "error",
        "{text} has more digits than are kept.",
        "Write at most 20 digits before the point and 10 after it.",
    ),
    "not-accepted": Kind(
        "error",
        "The engagement was recorded by a partner and is not accepted yet.",
        "Accept it first; then it can count towards results.",
    ),
    "accepted-already": Kind("error", "The engagement is accepted already.", "Open its page again."),
    "no-such-step": Kind(
        "error",
        "This cannot be done now: it is {state}.",
        "Look at the page again; another person may have taken a step.",
    ),
}
RESULTS: dict[str, Kind] = {  # results matrices: indicators, targets, figures
    "result-code-twice": Kind(
        "error", "The code {name} stands for {count} rows.", "Give each row a code of its own."
    ),
    "result-without-indicator": Kind(
        "warning",
        "{result} has no indicator, so that nobody can say whether it was reached.",
        "Add an indicator, or remove the row.",
    ),
    "objective-without-outcome": Kind(
        "warning", "The objective {result} has no outcome below it.", "Add the outcomes that lead to it."
    ),
    "outcome-without-output": Kind(
        "note", "The outcome {result} has no output below it.", "Add the outputs that lead to it."
    ),
    "no-means-of-verification": Kind(
        "warning",
        "{indicator}: no means of verification is given.",
        "Say which document, register or survey shows the figure.",
    ),
    "maintain-without-tolerance": Kind(
        "error",
        "{indicator} is to be maintained, but nothing says how far it may stray.",
        "State the tolerance, in the indicator's unit.",
    ),
    "negative-tolerance": Kind(
        "error",
        "{indicator}: the tolerance {tolerance} is below 0.",
        "Write how far it may stray, without sign.",
    ),
    "rules-contradict": Kind(
        "warning",
        "{indicator} is reported since the start, but its rule over time is {rule}; the last figure counts.",
        'Choose the rule "last", or say that each figure is of its period alone.',
    ),
    "period-ends-before-start": Kind(
        "error", "{indicator}: a period starts on {start} and ends on {end}.", "Correct one of the two days."
    ),
    "period-outside-project": Kind(
        "warning",
        "{indicator}: the period from {start} to {end} lies outside the project's time, {project_start} to "
        "{project_end}.",
        "Correct the period, or the project's dates.",
    ),
    "periods-overlap": Kind(
        "error",
        "{indicator}: a period ends on {first_end}, and the next one starts on {next_start}.",
        "Let each period start on the day after the one before.",
    ),
    "gap-between-periods": Kind(
        "note",
        "{indicator}: between {first_end} and {next_start} lie {days} days without a period.",
        "Nothing to mend if nothing was to be counted then.",
    ),
    "baseline-after-start": Kind(
        "warning",
        "{indicator}: the baseline is of {baseline}, the project started on {start}.",
        "Correct the day, or give a baseline of the time before.",
    ),
    "no-target-at-all": Kind(
        "warning", "{indicator} has no target.", "Set the end target, and targets of periods where they help."
    ),
    "target-equals-baseline": Kind(
        "error",
        "{indicator}: the end target is the baseline, {target}, so that progress cannot be measured.",
        'Correct one of them, or choose the direction "maintain" with a tolerance.',
    ),
    "period-target-equals-baseline": Kind(
        "note",
        "{indicator}: the target of the period from {start} to {end} is the baseline, {target}; "
        "progress in it cannot be measured.",
        "Nothing to mend if no change is expected by then.",
    ),
    "target-against-direction": Kind(
        "error",
        "{indicator}: the target {target} lies on the wrong side of the baseline {baseline}.",
        "Correct the direction, the target or the baseline.",
    ),
    "cumulative-target-falls": Kind(
        "warning",
        "{indicator} counts since the start, but its targets fall from {before} to {after}.",
        "A target of such an indicator says what is to be reached since the start; correct it.",
    ),
    "cumulative-falls": Kind(
        "warning",
        "{indicator} is reported since the start, but fell from {before} to {after}.",
        "Correct one of the figures, or say in a comment why less counts now.",
    ),
    "end-target-is-no-sum": Kind(
        "note",
        "{indicator}: the end target is {end_target}, the periods' targets come to {total}. Both are kept.",
        "Nothing to mend if that is meant.",
    ),
    "figure-beside-status": Kind(
        "error",
        "{indicator}: figures beside a status that says that there is none: {count}.",
        "Remove the figure, or the status.",
    ),
    "parts-beside-not-applicable": Kind(
        "warning",
        "{indicator}: the whole is marked not applicable, but places or categories have figures ({count}).",
        "Correct the status, or the figures.",
    ),
    "figure-without-reason": Kind(
        "error",
        "{indicator}: figures that have neither a value nor a reason: {count}.",
        "Give the value, or say that it is missing or not applicable.",
    ),
    "figure-twice": Kind(
        "error",
        "{indicator}: the same category and place has several figures in one period ({count}).",
        "Decide which holds and remove the other.",
    ),
    "figure-denominator-zero": Kind(
        "error",
        "{indicator}: denominators that are 0: {count}.",
        "Correct it; where nobody was asked, say that the figure is not applicable.",
    ),
    "percentage-without-denominator": Kind(
        "error",
        "{indicator}: reported percentages without numerator and denominator: {count}.",
        "Give both; without them places and periods cannot be put together.",
    ),
    "percentage-alone": Kind(
        "note",
        "{indicator}: baselines or targets in per cent without numerator and denominator: {count}.",
        "Nothing to mend unless places are to be put together.",
    ),
    "percentage-differs-from-parts": Kind(
        "warning",
        "{indicator}: percentages that differ from their numerator and denominator: {count}.",
        "Correct one of the three numbers; Milepost counts with numerator and denominator.",
    ),
    "cells-and-total": Kind(
        "warning",
        "{indicator}: figures by {dimensions} do not add up to what was reported (cases: {count}). "
        "First: they come to {computed}, reported is {reported}. Both are kept.",
        "Correct one of them, or say in a comment why they differ.",
    ),
    "cells-incomplete": Kind(
        "note",
        "{indicator}: not all categories by {dimensions} are there (cases: {count}; the first has {cells} of "
        "{expected}).",
        "Report the others, with 0 where there is nobody, or say that they are missing.",
    ),
}
TRACKING: dict[str, Kind] = {  # the tracking table that comes back as a workbook
    "tracking-not-ours": Kind(
        "error",
        "This is no tracking table of Milepost, or its hidden sheet is gone.",
        "Download the table again and fill in that one.",
    ),
    "tracking-altered": Kind(
        "error",
        "The hidden sheet of the tracking table was changed.",
        "Download the table again and copy your figures into it.",
    ),
    "row-of-another-project": Kind(
        "error", "{row} belongs to another project.", "Choose one of this project."
    ),
    "tracking-other-project": Kind(
        "error",
        "The workbook is of another project: {found}.",
        "Choose that project, or the workbook of this one ({wanted}).",
    ),
    "tracking-no-columns": Kind(
        "error",
        "The row that names the columns is gone.",
        "Download the table again and copy your figures into it; leave the hidden row in its place.",
    ),
    "tracking-column-gone": Kind(
        "note", "Columns of the table are gone: {columns}.", "Nothing in them is changed."
    ),
    "tracking-unknown-row": Kind(
        "error",
        "No row of this project has the hidden number {id}.",
        "Download the table again; the row may have been removed since.",
    ),
    "tracking-row-twice": Kind(
        "note",
        "The row {row} comes again: it was copied with its hidden number.",
        "Where the two differ, decide which one counts. New rows are made in the application.",
    ),
    "tracking-cell-twice": Kind(
        "error",
        "The row stands more than once and its lines differ: {says}.",
        "Decide which line counts, or keep what stands in the application.",
    ),
    "tracking-row-moved": Kind(
        "error",
        'The row says "{says}", but its hidden number belongs to "{belongs}".',
        "Sort whole rows only; download the table again and copy your figures into it.",
    ),
    "tracking-row-without-id": Kind(
        "error",
        "The row has figures, but no hidden number.",
        "New rows are made in the application; download the table again after that.",
    ),
    "tracking-not-for-change": Kind(
        "error",
        "This cell cannot be changed here: it was {before} and is {after}.",
        "Change it in the application. What is computed follows by itself.",
    ),
    "tracking-locked-period": Kind(
        "error",
        "The period from {start} to {end} is locked.",
        "Ask who approves results to unlock it, with a reason.",
    ),
    "tracking-conflict": Kind(
        "error",
        "The workbook says {typed}; in the application somebody has meanwhile changed {before} to {here}.",
        "Decide which is right: keep what stands in the application, or take what the workbook says.",
    ),
    "tracking-not-a-number": Kind(
        "error",
        '"{text}" is not a number.',
        "Write digits; put words into the comment, and missing or not applicable into the status.",
    ),
    "tracking-ambiguous-number": Kind(
        "error",
        '"{text}" may be {first} or {second}.',
        "Write it without separator of thousands; Milepost does not guess.",
    ),
    "tracking-percentage-parts": Kind(
        "error",
        "A percentage is numerator and denominator, and one of them is not there.",
        "Fill in both columns; the percentage follows by itself.",
    ),
    "tracking-denominator": Kind(
        "error", "The denominator {text} is not above 0.", "Correct it; the status says where there is none."
    ),
    "tracking-comment-alone": Kind(
        "error",
        "A comment stands beside no figure.",
        "Give the figure, or choose the status that says why there is none.",
    ),
    "tracking-no-reason": Kind(
        "error",
        "A target was changed from {before} to {after} without a reason.",
        "Write the reason into the last column of the row.",
    ),
    "tracking-status-unknown": Kind(
        "error",
        '"{text}" is not a status.',
        "Choose one of the list: {known}; blank where nothing is to be said.",
    ),
    "tracking-figure-beside-status": Kind(
        "error",
        "There is a figure beside a status that says that there is none.",
        "Remove the figure, or the status.",
    ),
    "tracking-no-value": Kind(
        "error",
        "The cell holds a formula or an error without a value: {what}.",
        "Write the number itself, or open the workbook in a spreadsheet and save it.",
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
    "values-uncoded": Kind(
        "error",
        "Of the values of {column}, {count} have no code: they would stop the measurement.",
        "Give each its code, or one code to every other value.",
    ),
    "second-unused": Kind(
        "error",
        "The second file {file} is here, but the mapping does not use it.",
        "Say which of its columns is the denominator, or take it away.",
    ),
    "second-dimension": Kind(
        "error",
        "The second file has no column for {dimension}: figures by it would have no denominator.",
        "Choose the column of the second file, or take this breakdown out of the tables.",
    ),
    "connection-not-allowed": Kind(
        "error",
        "The institution may not use the database {name}.",
        "Have an administrator allow it (MILEPOST_INSTITUTIONS_{setting}), or bring in a file.",
    ),
    "cluster-not-allowed": Kind(
        "error",
        "The institution may not use the cluster {name}.",
        "Have an administrator allow it (MILEPOST_INSTITUTIONS_{setting}), or measure on this server.",
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
IATI: dict[str, Kind] = {  # {activity} is its identifier, or its place among the others, such as #3
    "iati-no-activity": Kind(
        "error",
        "The file holds no activity of IATI.",
        "Choose a file whose root is iati-activities.",
    ),
    "iati-too-many-bytes": Kind(
        "error",
        "The file is longer than {most} MB.",
        "Divide it into several files.",
    ),
    "iati-too-many": Kind(
        "error",
        "There are {count} projects or more; one file holds {most}.",
        "Choose fewer, and write several files.",
    ),
    "iati-root": Kind(
        "error",
        "The outermost element is {element}, not iati-activities or iati-organisations.",
        "Put the activities into an element iati-activities with its version.",
    ),
    "iati-element-unexpected": Kind(
        "error",
        "{activity}, {path}: the element {element} must not stand here. Possible here: {expected}.",
        "Move it to its place in the order of the standard, correct its name, or remove it.",
    ),
    "iati-element-missing": Kind(
        "error",
        "{activity}, {path}: an element is missing: {expected}.",
        "Add it in the order of the standard.",
    ),
    "iati-attribute-missing": Kind(
        "error",
        "{activity}, {path}: the attribute {attribute} is missing.",
        "Add the attribute.",
    ),
    "iati-attribute-unknown": Kind(
        "error",
        "{activity}, {path}: the standard knows no attribute {attribute} here.",
        "Correct its name, remove it, or give it a namespace of its own.",
    ),
    "iati-value-type": Kind(
        "error",
        "{activity}, {path}: {value!r} is not of the type {type}.",
        "Write a date as 2024-05-31, a number as 1234.5, true or false as 1 or 0.",
    ),
    "iati-text-unexpected": Kind(
        "error",
        "{activity}, {path}: text must not stand here.",
        "Put it into an element narrative, or remove it.",
    ),
    "iati-schema": Kind(
        "error",
        "{activity}, {path}: the schema of the standard does not allow this ({why}).",
        "Correct it as the schema says.",
    ),
    "iati-code": Kind(
        "error",
        "{activity}, {path}: {value!r} is not a code of the list {list}.",
        "Choose a code of the list, or name the vocabulary that the code is of.",
    ),
    "iati-code-unlisted": Kind(
        "warning",
        "{activity}, {path}: {value!r} is not in the list {list}, which is not complete.",
        "Check the code; correct it if it is not meant.",
    ),
    "iati-identifier-twice": Kind(
        "error",
        "{activity}: another activity of the file has this identifier, too (line {first}).",
        "Give each activity its own identifier.",
    ),
    "iati-identifier-of-reporter": Kind(
        "error",
        "{activity}: the identifier of the activity is that of the reporting organisation (rule {rule}).",
        "Add the number of the activity to it, after a hyphen.",
    ),
    "iati-identifier-prefix": Kind(
        "warning",
        "{activity}: the identifier does not begin with that of the reporting organisation, "
        "{prefix} (rule {rule}).",
        "Begin with it and a hyphen, or give the former one as other-identifier of type B1.",
    ),
    "iati-agency-unknown": Kind(
        "warning",
        "{activity}, {path}: {value!r} does not begin with the code of a registration agency (rule {rule}).",
        "Begin with the code of an agency, such as XM-DAC.",
    ),
    "iati-symbols": Kind(
        "warning",
        "{activity}, {path}: {value!r} holds one of the signs / & | ? (rule {rule}).",
        "Write the identifier without these signs.",
    ),
    "iati-spaces": Kind(
        "warning",
        "{activity}, {path}: {value!r} begins or ends with a blank or a new line (rule {rule}).",
        "Remove it; with it this is another identifier.",
    ),
    "iati-no-start": Kind(
        "error",
        "{activity}: there is neither a planned nor an actual start date (rule {rule}).",
        "Add activity-date for the planned or the actual start.",
    ),
    "iati-no-sector": Kind(
        "error",
        "{activity}: there is no sector, neither for the activity nor for its transactions (rule {rule}).",
        "Add a sector.",
    ),
    "iati-sector-partly": Kind(
        "error",
        "{activity}, {path}: other transactions have a sector, this one has none "
        "(transactions without: {count}; rule {rule}).",
        "Give every transaction its sector, or only the activity.",
    ),
    "iati-sector-twice": Kind(
        "error",
        "{activity}: sectors stand both for the activity and for transactions (rule {rule}).",
        "Keep one of the two.",
    ),
    "iati-sector-unnamed": Kind(
        "error",
        "{activity}: a sector of a vocabulary of the organisation's own (98, 99) has no "
        "narrative (rule {rule}).",
        "Say in a narrative what the code means.",
    ),
    "iati-no-dac-sector": Kind(
        "warning",
        "{activity}: no sector is of vocabulary 1 (OECD DAC) (rule {rule}).",
        "Add one beside those of other vocabularies.",
    ),
    "iati-no-dac-aid-type": Kind(
        "warning",
        "{activity}: no aid type is of vocabulary 1 (OECD DAC) (rule {rule}).",
        "Add one beside those of other vocabularies.",
    ),
    "iati-aid-type-twice": Kind(
        "warning",
        "{activity}, {path}: there is more than one aid type of a vocabulary ({count}; rule {rule}).",
        "Keep one for each vocabulary.",
    ),
    "iati-no-place": Kind(
        "error",
        "{activity}: neither the activity nor all of its transactions have a country or "
        "region (rule {rule}).",
        "Add recipient-country or recipient-region.",
    ),
    "iati-place-twice": Kind(
        "error",
        "{activity}: countries or regions stand both for the activity and for transactions (rule {rule}).",
        "Keep one of the two.",
    ),
    "iati-no-language": Kind(
        "error",
        "{activity}, {path}: no language is given, neither here nor for the whole (texts: "
        "{count}, the first is here; rule {rule}).",
        "Give the activity or the organisation xml:lang, or each narrative.",
    ),
    "iati-no-currency": Kind(
        "error",
        "{activity}, {path}: no currency is given, neither here nor for the whole (amounts: "
        "{count}, the first is here; rule {rule}).",
        "Give default-currency, or the currency of each value.",
    ),
    "iati-future": Kind(
        "error",
        "{activity}, {path}: {value} is in the future (rule {rule}).",
        "Correct the date, or its type.",
    ),
    "iati-date-order": Kind(
        "error",
        "{activity}, {path}: {first} comes after {second}, but must not (rule {rule}).",
        "Correct one of the two dates.",
    ),
    "iati-sum": Kind(
        "error",
        "{activity}, {path}: the percentages add up to {sum}, not to 100 (rule {rule}).",
        "Correct them so that they add up to 100 within the vocabulary.",
    ),
    "iati-budget-items-sum": Kind(
        "warning",
        "{activity}, {path}: the percentages of the budget items add up to {sum}, not to 100 (rule {rule}).",
        "Correct them so that they add up to 100.",
    ),
    "iati-no-percentage": Kind(
        "error",
        "{activity}, {path}: where there are several, each must have a percentage (rule {rule}).",
        "Add the percentages; they must add up to 100.",
    ),
    "iati-budget-items-percentage": Kind(
        "warning",
        "{activity}, {path}: there are several budget items without a percentage (rule {rule}).",
        "Add the percentages; they must add up to 100.",
    ),
    "iati-single-percentage": Kind(
        "error",
        "{activity}, {path}: it is the only one, but its percentage is not 100 (rule {rule}).",
        "Leave the percentage out, write 100, or add what is missing.",
    ),
    "iati-budget-item-single": Kind(
        "warning",
        "{activity}, {path}: it is the only budget item, but its percentage is not 100 (rule {rule}).",
        "Leave the percentage out, write 100, or add what is missing.",
    ),
    "iati-percentage-range": Kind(
        "error",
        "{activity}, {path}: the percentage {value!r} is not from 0 to 100 (rule {rule}).",
        "Correct the percentage.",
    ),
    "iati-organisation-unnamed": Kind(
        "error",
        "{activity}, {path}: the organisation has neither an identifier nor a name (rule {rule}).",
        "Add the attribute ref or a narrative.",
    ),
    "iati-marker-significance": Kind(
        "error",
        "{activity}, {path}: a policy marker of vocabulary 1 has no significance (rule {rule}).",
        "Add the significance, from 0 to 4; for a marker of your own give vocabulary 99.",
    ),
    "iati-marker-unnamed": Kind(
        "error",
        "{activity}, {path}: a policy marker of vocabulary 99 has no narrative (rule {rule}).",
        "Say in a narrative what the code means.",
    ),
    "iati-budget-too-long": Kind(
        "error",
        "{activity}, {path}: from {first} to {second} is more than a year (rule {rule}).",
        "Split the budget into years.",
    ),
    "iati-line-outside-budget": Kind(
        "error",
        "{activity}, {path}: {value} is not between {first} and {second} (rule {rule}).",
        "Correct the date of the value, or the period of the budget.",
    ),
    "iati-reference-twice": Kind(
        "error",
        "{activity}, {path}: both the result and its indicator have a reference (rule {rule}).",
        "Keep that of the indicator, or that of the result.",
    ),
    "iati-no-value": Kind(
        "error",
        "{activity}, {path}: there is no value, but the indicator is not qualitative (rule {rule}).",
        "Add the value, or leave the whole element out; a missing value is not 0.",
    ),
    "iati-value-no-number": Kind(
        "warning",
        "{activity}, {path}: {value!r} is no number, but the indicator is not qualitative (rule {rule}).",
        "Write a number; put words into a comment.",
    ),
    "iati-value-of-qualitative": Kind(
        "warning",
        "{activity}, {path}: the indicator is qualitative, but has a value, {value!r} (rule {rule}).",
        "Put it into a comment, or correct the measure of the indicator.",
    ),
    "iati-no-narrative": Kind(
        "error",
        "{activity}, {path}: there is no text in a narrative (rule {rule}).",
        "Write the text.",
    ),
    "iati-rules-skipped": Kind(
        "note",
        "Rules that need the live registry of organisations or of activities were not judged: {rules}.",
        "Nothing is to be done; the validator of the standard judges them once the file is published.",
    ),
    "iati-judged-by-1": Kind(
        "note",
        "Version {version} is no longer supported; the file was judged by the schema of that version, its "
        "code lists, and those rules that hold for it, too.",
        "Move to version 2.03 when the file is made anew.",
    ),
    "iati-written-as-2": Kind(
        "note",
        "The file says version {version}, but is written as 2.01 to 2.03 are, with "
        "narratives; it was judged as 2.03.",
        "Say 2.03 when the file is made anew.",
    ),
    "iati-not-read": Kind(
        "warning",
        "{activity}, {path}: {value!r} cannot be read as {wanted}; it was left out.",
        "Correct it in the file, or enter it by hand.",
    ),
    "iati-not-carried": Kind(
        "note",
        "{activity}: IATI has no place for some of it ({what}); it was left out.",
        "Keep it in the register.",
    ),
    "iati-character": Kind(
        "error",
        "{activity}: a text holds {character}, which XML cannot hold.",
        "Remove the character.",
    ),
    "iati-cannot-write": Kind(
        "error",
        "{activity}: without {what} the standard allows no such element.",
        "Add what is missing before the file is written.",
    ),
}
DOCUMENTS: dict[str, Kind] = {  # what documents are made with
    "reference-unreadable": Kind(
        "error",
        "The reference document is no Word file, or it is damaged.",
        "Save it in Word as .docx and try again.",
    ),
    "reference-locked": Kind(
        "error",
        "The reference document is locked with a password.",
        "Save it without a password.",
    ),
    "reference-doctype": Kind(
        "error",
        "A part of the reference document holds a document type, which no Word file has: {part}.",
        "Save it anew in Word.",
    ),
    "reference-crowded": Kind(
        "error",
        "The reference document holds more elements than are read: {limit}.",
        "Leave only the styles, the header and the footer in it, without long lists or tables.",
    ),
    "reference-large": Kind(
        "error",
        "The reference document, or what it unpacks to, is larger than {limit} MB.",
        "Leave only the styles, the header and the footer in it, with small pictures.",
    ),
    "reference-macros": Kind(
        "error",
        "The reference document is one with macros, whatever its name says.",
        "Save it in Word as a document without macros (.docx).",
    ),
    "reference-template": Kind(
        "error",
        "The reference document is a template or something else, not a plain Word document.",
        "Save it in Word as a document (.docx).",
    ),
    "reference-runs": Kind(
        "error",
        "The reference document holds what can run: {what}.",
        "Take out macros, controls and embedded files, and save it as .docx.",
    ),
    "reference-outside": Kind(
        "error",
        "The reference document leads out of itself: {what}.",
        "Detach its template, take out links and linked pictures, and save it again.",
    ),
    "reference-field": Kind(
        "error",
        "The header or footer of the reference document holds what is not taken over: {what}.",
        "Leave words, pictures and the fields for pages, title, subject, author and date.",
    ),
    "reference-picture": Kind(
        "error",
        "A picture in the header or footer of the reference document is neither PNG nor JPEG: {what}.",
        "Insert the picture as PNG or JPEG.",
    ),
    "reference-lost": Kind(
        "error",
        "The file of the reference document is not in the store any more.",
        "Load it once more, or remove it.",
    ),
}
PROJECT_PAGES: dict[str, Kind] = {  # pages of projects, as funds publish them
    "project-page-kind": Kind(
        "error",
        "This is {found}, not a page of text.",
        "Save the page as text, HTML or Word (.docx), or copy its text into a .txt file.",
    ),
    "project-labels": Kind(
        "error",
        "The label file cannot be used: {why}.",
        "Write it like the files that ship: a list of labels for each field of a project.",
    ),
    "project-page-large": Kind(
        "error",
        "The page has {size} MB; {limit} MB is the limit.",
        "Save the page of one project only, as text.",
    ),
    "project-page-empty": Kind("error", "Nothing is written on the page.", "Save or copy it again."),
    "project-page-several": Kind(
        "error",
        "Another project begins here; only the first was read.",
        "Save each project in a file of its own.",
    ),
    "project-page-no-facts": Kind(
        "warning",
        "No fact of a project is on the page: neither a label nor a value that is known.",
        "If it is the page of a project, copy its facts, too; if its labels are of another language, add a "
        "label file.",
    ),
    "project-title-missing": Kind(
        "warning", "The page has no title.", "Write the title on a line above the first label."
    ),
    "project-label-alone": Kind(
        "note",
        "There is no value under {label}; it stays missing.",
        "Look it up elsewhere, such as on the fund's other site; nothing to do if it is not known.",
    ),
    "project-label-unknown": Kind(
        "warning",
        "The label {label} is not known; its text is kept as printed: {text}.",
        "Enter the text where it belongs, or add the label to the label file of its language.",
    ),
    "project-line-unplaced": Kind(
        "warning",
        "A line among the facts has no label, and its field cannot be told: {text}.",
        "Enter it where it belongs; it is kept as printed.",
    ),
    "project-two-values": Kind(
        "warning",
        "There are two values for {field}: {first}; {second}. The first was taken.",
        "Decide which is right.",
    ),
    "project-value-ambiguous": Kind(
        "note",
        "{text} has no label and can be several things ({fields}); it was taken for {field}.",
        "Check it.",
    ),
    "project-type-guessed": Kind(
        "warning",
        "{text} has no label and is in no vocabulary; as nothing else is left, it was taken for the type.",
        "Check it.",
    ),
    "project-codes-swapped": Kind(
        "warning",
        "{text} stands under another label, but looks like this: {field}. It was read as that.",
        "Check both codes.",
    ),
    "project-code-shape": Kind(
        "warning",
        "{text} does not look like this: {field}.",
        "Check it; a Prima ID is like KE10P0004, a project code like LM.0357 or QU8-805.",
    ),
    "project-code-type": Kind(
        "warning",
        "The code {code} is one of {other}, but the type is {type}.",
        "Check which is right.",
    ),
    "project-word-unknown": Kind(
        "note", "{text} is in no vocabulary of this: {field}.", "Check its spelling; it is kept as printed."
    ),
    "project-date-unreadable": Kind(
        "warning", "{text} names no year ({field}).", "Write a year or date, such as 2024 or 2024-05-31."
    ),
    "project-date-ambiguous": Kind(
        "warning",
        "{text} can be two days ({field}): its day and month cannot be told apart.",
        "Enter the date with the month in letters, or as 2019-02-01; it is kept as printed.",
    ),
    "project-period-undated": Kind(
        "warning",
        "The period {text} does not tell when the project starts and ends; both stay missing.",
        "Enter the start and the end; the period is kept as printed.",
    ),
    "project-end-before-start": Kind(
        "error", "The project ends ({end}) before it starts ({start}).", "Correct one of the two."
    ),
    "project-year-after-start": Kind(
        "warning",
        "The year of allocation ({year}) is after the start ({start}).",
        "Check both; money is allocated before a project starts.",
    ),
    "project-budget-unreadable": Kind(
        "error",
        "The budget is no amount in digits: {text}.",
        "Write digits, such as 150000.00; a sum in words is not guessed.",
    ),
    "project-budget-several": Kind(
        "warning",
        "The budget has several amounts, and none was taken: {text}.",
        "Enter the one that was agreed, with its currency.",
    ),
    "project-budget-rounded": Kind(
        "warning",
        "The budget {text} was read as {value}; it may be rounded.",
        "Enter the amount to the unit, if it is known.",
    ),
    "project-budget-points": Kind(
        "warning", "The budget {text} was read as {value}: its points part thousands.", "Check it."
    ),
    "project-state-unknown": Kind(
        "warning", "{text} is no known country; it is kept as printed.", "Correct the name."
    ),
    "project-state-misspelt": Kind(
        "warning", "{text} is no known country; {near} may be meant.", "Correct the name."
    ),
    "project-state-twice": Kind(
        "warning", "{text} comes twice among the member states; it was kept once.", "Remove one."
    ),
    "project-state-old": Kind(
        "note", "{text} is an old name; the country is called {today} today.", "Use the name of today."
    ),
    "project-sources-differ": Kind(
        "warning",
        "Files give different values for {field}: {values}. The first was taken.",
        "Decide which is right.",
    ),
}
PLANS: dict[str, Kind] = {  # plans of action: the tables of acts, and what they say
    "plan-no-table": Kind(
        "error",
        "No table has the headings of a plan: measures, and their deadlines or institutions.",
        "Name the columns Measure, Deadline and Responsible institutions, or in Russian as acts do.",
    ),
    "plan-heading-unknown": Kind(
        "warning",
        "The column {heading} is not known; its cells are kept as printed, and not used.",
        "Rename the column if it is one of a plan; else nothing is to be done.",
    ),
    "plan-row-without-measure": Kind(
        "warning",
        "The row has no measure and is no heading of a section; it was left out: {text}.",
        "Write the measure in its column, or merge the heading over all columns.",
    ),
    "plan-code-twice": Kind(
        "warning",
        "The number {code} is given twice.",
        "Number the measures so that each number is one's own.",
    ),
    "plan-deadline-unread": Kind(
        "warning",
        "The deadline {text} could not be read; the measure has none.",
        "Write a day, month, quarter, half-year or year, such as II квартал 2026 г., or continuous.",
    ),
    "plan-cost-unread": Kind(
        "warning",
        "The cost {text} could not be read; it stays as printed, without an amount.",
        "Write one number with its currency for each source, such as 1 200 000 KGS, each on its own line.",
    ),
    "plan-cost-no-currency": Kind(
        "warning",
        "The cost {text} has no currency; it stays as printed, without an amount.",
        "Write the currency beside the number or in the heading, such as KGS or USD.",
    ),
    "plan-cost-no-source": Kind(
        "warning",
        "It cannot be told from which source the cost {text} comes; it stays as printed, without an amount.",
        "Write each source with its amount on a line of its own, or as many amounts as there are sources.",
    ),
    "plan-deadline-ambiguous": Kind(
        "warning",
        "The deadline {text} can mean the beginning or the end of that time; the last day stays open.",
        "Write which, such as by the end of 2026, or a day.",
    ),
    "plan-deadline-backwards": Kind(
        "error", "The deadline {text} ends before it starts.", "Write the earlier time first."
    ),
    "plan-nobody-responsible": Kind(
        "warning", "Measure {measure} names no institution.", "Name who carries it out and who reports."
    ),
    "plan-no-coordinator": Kind(
        "warning",
        "Of the institutions of measure {measure} none is marked to report; the first named is {first}.",
        "Choose one that reports for all.",
    ),
    "plan-several-coordinators": Kind(
        "warning",
        "Several institutions are to report on measure {measure}: {names}.",
        "Choose one that reports for all; the others are co-executors.",
    ),
    "plan-no-deadline": Kind(
        "warning",
        "Measure {measure} has no deadline: it is never late, and not in the implementation rate.",
        "Set a last day, or say that it is continuous.",
    ),
    "plan-deadline-outside": Kind(
        "warning",
        "The time of measure {measure} reaches {day}, outside the plan ({start} to {end}).",
        "Correct the deadline, or the time of the plan.",
    ),
    "plan-no-expected-result": Kind(
        "note", "Measure {measure} has no expected result.", "Say what is there once it is carried out."
    ),
    "plan-no-indicator": Kind(
        "note", "Measure {measure} has no indicator.", "Say by what one will see that it is carried out."
    ),
    "plan-persons-without-sex": Kind(
        "warning",
        "The indicator {indicator} of measure {measure} seems to count people, but not by sex.",
        "Add the breakdown by sex, or mark the indicator as one that counts no people.",
    ),
    "plan-unknown-group": Kind(
        "error", "Milepost knows no group of people: {names}.", "Choose groups from the list."
    ),
    "plan-by-sex-counts-people": Kind(
        "error",
        "The indicator is counted for women and men apart, so it counts people.",
        "Say that it counts people; in a draft, you can also take the breakdown by sex off it.",
    ),
    "plan-objective-without-gender": Kind(
        "warning",
        "None of the indicators of {objective} tells of women and men.",
        "Add an indicator by sex, or one on equality, or say why the objective has none.",
    ),
    "plan-answers-columns": Kind(
        "error", "The table of answers lacks: {columns}.", "Name the columns measure, until and done."
    ),
    "plan-answer-unknown": Kind(
        "error",
        "No version of the plan has a measure {measure}.",
        "Write the number of the measure as the plan has it.",
    ),
    "plan-answer-unreadable": Kind(
        "error",
        "In the column {column} this cannot be read: {text}.",
        "A day is 2026-06-30; done is not started, under way, partly, fully or cannot; verified yes or no.",
    ),
    "plan-answered-twice": Kind(
        "error",
        "Measure {measure} has two different answers for the round that ends on {until}.",
        "Keep the one that holds.",
    ),
    "plan-overloaded": Kind(
        "warning",
        "{institution} reports on {count} of {of} measures, more than twice the mean of all.",
        "Share the reporting out, or make sure that it has the people for it.",
    ),
    "policy-without-country": Kind(
        "error",
        "The institution in the lead belongs to no country.",
        "Choose an institution of the country whose policy it is.",
    ),
    "plan-outside-policy": Kind(
        "error",
        "The plan reaches beyond its policy ({start} to {end}).",
        "Correct the days of the plan, or those of the policy before.",
    ),
    "plan-has-a-draft": Kind(
        "error",
        "Version {number} of the plan is a draft still; there can be only one.",
        "Put it in force, or discard it, before.",
    ),
    "plan-version-fixed": Kind(
        "error",
        "Version {number} is in force: what the act says is not changed any more.",
        "Begin an amendment, and change it there.",
    ),
    "plan-without-measures": Kind(
        "error", "The draft has no measures.", "Hand in the table of the act, or add the measures here."
    ),
    "plan-without-act": Kind(
        "error", "The legal act is not named.", "Name the act that puts this version in force."
    ),
    "plan-not-after": Kind(
        "error",
        "Version {number} is in force since {since}; the next one must come into force after that day.",
        "Correct the day.",
    ),
    "plan-in-force-too-late": Kind(
        "error", "The plan ends on {end}, before this day.", "Correct the day, or the time of the plan."
    ),
    "plan-section-place": Kind(
        "error",
        "This cannot stand there: an objective stands below a priority of the same draft, or by itself.",
        "Choose a section of this draft.",
    ),
    "plan-section-in-use": Kind(
        "error", "Measures or objectives stand below this section.", "Move or remove them before."
    ),
    "cost-without-currency": Kind(
        "error", "The amount has no currency.", "Give its three letters, such as EUR."
    ),
    "plan-role-closed": Kind(
        "error",
        "{name} is out of use and takes no new role.",
        "Choose the institution that took over its mandate.",
    ),
    "plan-no-such-role": Kind(
        "error", "{name} has no role in this measure.", "Look again: somebody may have removed it."
    ),
    "plan-same-institution": Kind(
        "error", "Both are the same institution.", "Choose the one that takes over."
    ),
    "plan-institution-closed": Kind(
        "error",
        "{institution} is out of use and still has {count} measures: {measures}.",
        "Hand them over to the institution that took over its mandate.",
    ),
    "plan-no-mandate": Kind(
        "note",
        "The register does not say the mandate of: {institutions}.",
        "Write it down in the register of institutions, with its act.",
    ),
    "plan-names-unmatched": Kind(
        "warning",
        "The act names institutions that are not in the register: {names}.",
        "Add them to the register, and give them their roles.",
    ),
    "plan-table-empty": Kind(
        "error", "The table has no measure.", "Look whether the headings stand above the right columns."
    ),
    "plan-table-too-long": Kind(
        "error",
        "The table has {count} measures; {limit} is the limit.",
        "Hand in the plan itself, without what was pasted below it.",
    ),
    "plan-text-too-long": Kind(
        "error", "The number or deadline {text}… has more than {limit} letters.", "Shorten it in the file."
    ),
    "round-no-version": Kind(
        "error",
        "No version of the plan was in force on {day}.",
        "Choose a period that ends while a version is in force, or put one in force.",
    ),
    "round-is-open": Kind(
        "error", "The round {start} to {end} is still open.", "Close it before you open the next one."
    ),
    "round-overlaps": Kind(
        "error",
        "The period overlaps the round {start} to {end}.",
        "Choose days of which no round has asked yet.",
    ),
    "round-backwards": Kind(
        "error", "The period ends before it starts.", "Set a last day that is not before the first."
    ),
    "round-due-early": Kind(
        "error",
        "Answers are wanted before the period is over.",
        "Set a day after the last day of the period.",
    ),
    "round-nothing-to-ask": Kind(
        "error",
        "Every measure of this version is carried out in full, as accepted.",
        "There is nothing to ask; no round is needed.",
    ),
    "answer-not-said": Kind(
        "error", "It is not said how far the measure is.", "Choose how far it is, then send it."
    ),
    "answer-without-words": Kind(
        "error", "It is not said what was done.", "Say in a sentence or two what was done."
    ),
    "answer-without-obstacle": Kind(
        "error", "It is not said why the measure cannot be done.", "Say under obstacles what prevents it."
    ),
    "answer-ended-late": Kind(
        "error",
        "The day on which it was carried out is after {day}.",
        "Give an earlier day; what was carried out later belongs in the next round.",
    ),
    "answer-ended-of-open": Kind(
        "error",
        "A day of completion is given, but the measure is not carried out in full.",
        "Take the day away, or choose that it is carried out in full.",
    ),
    "women-men-total": Kind(
        "error",
        "Women ({women}) and men ({men}) do not add up to {total}.",
        "Correct the numbers, or leave the total blank: it is then added up.",
    ),
    "women-men-above-total": Kind(
        "error",
        "Women or men are more than the total of {total}.",
        "Correct the numbers.",
    ),
    "figure-negative": Kind("error", "A number is below zero.", "Type zero or more."),
    "evidence-kind": Kind(
        "error",
        "{name} is no file that shows what was done: PDF, Word, Excel, OpenDocument, CSV, JPEG or PNG.",
        "Save it as one of these; its content must be what its name says.",
    ),
    "carries-program": Kind(
        "error",
        "{name} carries a program or a macro.",
        "Save it without macros, or as PDF.",
    ),
    "contribution-empty": Kind("error", "Nothing is written.", "Say what your institution did."),
    "round-form-not-ours": Kind(
        "error",
        "This is no form of a round, or its hidden sheet is gone.",
        "Download the form again and fill in that one.",
    ),
    "round-form-altered": Kind(
        "error",
        "The hidden sheet of the form was changed.",
        "Download the form again and copy your answers into it.",
    ),
    "round-form-other-round": Kind(
        "error",
        "The form is of another round.",
        "Hand it in on the page of its own round, or download the form of this one.",
    ),
    "round-form-other-institution": Kind(
        "error",
        "The form is of an institution for which you do not answer.",
        "Download the form of your institution.",
    ),
    "round-form-row-twice": Kind(
        "error",
        "The row of {name} stands twice; the first is read.",
        "Delete the one that is not meant, and hand the form in again.",
    ),
    "round-form-row-unknown": Kind(
        "error", "The row {name} is not one of this form.", "Delete it; a form takes no further measures."
    ),
    "round-form-cell-closed": Kind(
        "error",
        "Nothing can be typed here any more.",
        "The answer was sent or accepted meanwhile, or another institution reports on the measure now.",
    ),
    "round-form-choice": Kind("error", "{text!r} is not in the list.", "Choose a word of the list."),
    "round-form-day": Kind("error", "{text!r} is no day.", "Write it as 31.03.2026 or 2026-03-31."),
    "round-form-number": Kind(
        "error", "{text!r} is no number, or could be two.", "Write it without signs between thousands."
    ),
    "plan-reason-of-another-mark": Kind(
        "error", "The reason is that of the mark before.", "Say why it is marked otherwise now."
    ),
    "milestone-is-baseline": Kind(
        "error",
        "The milestone of {year} is the baseline, {number}, so that progress cannot be measured.",
        'Correct one of them, or choose "to stay as it is" with a tolerance.',
    ),
    "milestone-backwards": Kind(
        "error",
        "The milestone of {year}, {number}, lies on the wrong side of the baseline {baseline}.",
        "Correct the direction, the milestone or the baseline.",
    ),
    "plan-report-known": Kind(
        "error", "There is a report on this period already.", "Open it, or choose another period."
    ),
    "plan-report-no-round": Kind(
        "error",
        "No round of the plan lies in this period.",
        "Choose days that hold a whole round, from its first to its last day.",
    ),
    "plan-report-round-open": Kind(
        "error",
        "The round {start} to {end} is still open.",
        "Close it first; until then the report is a preview.",
    ),
    "plan-report-outdated": Kind(
        "error",
        "Institutions changed their answers after you edited the texts of {what}.",
        "Compare both texts, and save or drop the edited one.",
    ),
    "plan-report-not-accepted": Kind(
        "error",
        "This answer is not accepted, and is not printed.",
        "Accept it first; then its text can be edited.",
    ),
    "plan-report-changed": Kind(
        "error",
        "The answers have changed since you looked at the report.",
        "Read the report as it is now, and approve it then.",
    ),
    "plan-report-being-made": Kind(
        "error",
        "The documents of this report are being made already.",
        "Wait until they are there, or stop the work.",
    ),
    "plan-report-hidden": Kind(
        "error",
        "The policy is not public, so that nobody would find the report.",
        "Make the policy public first.",
    ),
    "not-of-policy": Kind(
        "error", "What was chosen belongs to another policy or plan.", "Choose one of this policy."
    ),
    "consultation-without-draft": Kind(
        "error",
        "There is no draft that could be commented on.",
        "Add the draft with its document, then open the consultation.",
    ),
    "consultation-plan-fixed": Kind(
        "error",
        "Comments are about measures of the plan.",
        "Leave the plan as it is, or prepare another consultation.",
    ),
    "draft-without-file": Kind("error", "No document was chosen.", "Choose at least one file."),
    "draft-kind": Kind(
        "error",
        "{name} is no PDF, Word, Excel or OpenDocument file.",
        "Save it as one of these; its content must be what its name says.",
    ),
    "party-listed": Kind("error", "This stakeholder is listed already.", "Change the line that is there."),
    "party-in-use": Kind(
        "error",
        "{name} has comments in this consultation and stays listed.",
        "Withdraw the comments, with a reason, if they are not to count.",
    ),
    "link-not-there": Kind(
        "error", "What was to be linked is not there, or you may not see it.", "Choose from the list."
    ),
    "comment-empty": Kind("error", "The comment has no words.", "Type what was said."),
    "comments-no-table": Kind(
        "error",
        "No table with a column of comments was found.",
        "Name the column “Comment”, in a sheet of its own with the headings in one row.",
    ),
    "comments-too-many": Kind(
        "error", "The table has {count} comments; {limit} is the limit.", "Hand it in in parts."
    ),
    "comment-disposition-unknown": Kind(
        "error",
        "What became of the comment cannot be told from “{text}”.",
        "Write accepted, accepted in part, not accepted or noted; or leave the cell blank.",
    ),
    "comment-without-reason": Kind(
        "error",
        "A comment that is not simply accepted has no reason.",
        "Say in the column of reasons why.",
    ),
    "comment-too-long": Kind(
        "error",
        "A text of this line has more than {limit} letters, or the place more than 300.",
        "Shorten it, or make two comments of it.",
    ),
    "comment-draft-unknown": Kind(
        "error",
        "There is no draft {draft} in this consultation.",
        "Write the number of a draft that was added, or leave the cell blank for the last one.",
    ),
    "comment-was-withdrawn": Kind(
        "error",
        "This is comment {number}, which was withdrawn.",
        "Leave the line out; if it is made again, change its words.",
    ),
    "comment-party-undecided": Kind(
        "error",
        "It is not decided who {name} is.",
        "Choose who is listed, or what sort of stakeholder it is.",
    ),
    "law-without-day": Kind(
        "note", "It is not said until when the law is wanted.", "Enter the day, if there is one."
    ),
    "law-overdue": Kind(
        "warning",
        "The law was wanted until {day}, and is not adopted.",
        "Say how far it is; or set another day.",
    ),
    "law-without-institution": Kind(
        "warning", "No institution is responsible for the law.", "Choose the one that prepares it."
    ),
    "law-without-measure": Kind(
        "note",
        "No measure of a plan does this.",
        "Choose the measure; if there is none, the plan may lack one.",
    ),
    "law-before-measure": Kind(
        "warning",
        "The law is wanted until {until}, but measure {measure}, which does it, is due only on {day}.",
        "Move one of the two, if that is not meant.",
    ),
    "law-institution-apart": Kind(
        "note",
        "{name} is responsible for the law, but has no role in measure {measure}, which does it.",
        "Give it a role in the measure, if it takes part.",
    ),
    "plan-name-undecided": Kind(
        "error",
        "It is not decided which institution of the register {name} is.",
        "Choose one, or say that it is none of them.",
    ),
}
KINDS: dict[str, Kind] = {
    **RESULTS, **TRACKING, **DOCUMENTS, **PLANS,
    **FILES, **SERIES, **CHECKS, **TABULAR, **SDMX, **IATI, **OPEN_SDG, **CATALOGUE, **TALLY, **INCOMING,
    **MEASURE, **MICRODATA, **MEASUREMENTS, **DISCLOSURE, **WEB, **DATASETS, **PROJECTS, **PROJECT_PAGES,
    **OPERATION,
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
