"""Open a source with Spark, here or on a cluster: the same expressions, for more rows than one disk holds.

An extra (`milepost[spark]`), which needs Java. MILEPOST_SPARK says which Spark: `spark://host:7077`, `yarn`
or `local[4]`; without it, two threads of this machine. The files must be where every machine of the cluster
finds them under the same path. Only sums leave the cluster.
"""

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pyarrow as pa

from milepost.errors import MilepostError, refuse
from milepost.measure import duck
from milepost.measure.engine import Opened
from milepost.measure.task import Source
from milepost.values import Origin

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

SETTING = "MILEPOST_SPARK"
DEFAULT = "local[2]"

_BATCH = 500_000  # rows of a result that are held at a time
_MASTER = r"local(\[(\*|\d+)(,\d+)?\])?|spark://\S+|k8s://\S+|yarn"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "false",  # a number that is none is null, not the end of everything
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.maxResultSize": "0",  # sums of sampling units may be many, but they are only sums
}
_HERE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "8",  # more than the processors; for a cluster, Spark's own number
}


_SILENCE = """rootLogger.level = off
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p%n
logger.python.name = org.apache.spark.repl.Main
logger.python.level = off
"""  # Spark's log quotes cells; what a person can do about an error, `_told` says


@contextmanager
def opened(
    source: Source, text: Sequence[str], numbers: Sequence[str], *, cancelled: Callable[[], bool]
) -> Iterator[Opened]:
    """The rows of Parquet or CSV files on Spark, as `duck.opened` has them, while the block runs.

    Rows of a cluster have no order, so nobody can say which one is the first that is wrong. MilepostError
    where Spark is missing or refuses ("spark-missing", "spark-no-java", "spark-refused"), or the files cannot
    be read; Cancelled once `cancelled()` says so.
    """
    with session(source.place) as spark:
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(spark, cancelled, stop), daemon=True)
        watcher.start()
        kept: list[DataFrame] = []

        def aside(frame: nw.LazyFrame) -> nw.LazyFrame:
            kept.append(nw.to_native(frame).persist())
            return nw.from_native(kept[-1])

        def table(small: pa.Table) -> nw.LazyFrame:
            from pyspark.sql import functions  # noqa: PLC0415

            return nw.from_native(functions.broadcast(spark.createDataFrame(small)))

        try:
            if cancelled():
                raise duck.Cancelled
            rows = _rows(spark, source)
            frame = nw.from_native(_projected(rows, source, text, numbers))
            yield Opened(frame, stream, aside, table)
        except MilepostError:
            raise
        except Exception as error:
            if not _is_spark(error):
                raise
            if cancelled():
                raise duck.Cancelled from error
            raise _told(error, source) from None
        finally:
            stop.set()
            watcher.join()
            for frame_ in kept:
                frame_.unpersist()


@contextmanager
def session(place: str) -> "Iterator[SparkSession]":
    """The Spark session of this process if it has one, else a new one, which ends with the block.

    MilepostError ("spark-missing", "spark-no-java", "spark-master", "spark-refused"), each for `place`.
    """
    master = os.environ.get(SETTING, "").strip() or DEFAULT
    if not re.fullmatch(_MASTER, master):
        raise refuse("spark-master", place, setting=SETTING)
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError:
        raise refuse("spark-missing", place, extra="milepost[spark]") from None
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    if not has_java():
        raise refuse("spark-no-java", place)
    with tempfile.TemporaryDirectory(prefix=f"{duck.ASIDE}{os.getpid()}-") as folder:
        here = master.startswith("local")
        log = Path(folder) / "log4j2.properties"
        log.write_text(_SILENCE, encoding="utf-8")
        settings = _SETTINGS | ({**_HERE, "spark.local.dir": folder} if here else {})
        settings["spark.driver.extraJavaOptions"] = f"-Dlog4j2.configurationFile=file:{log}"
        if here:
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.master(master).appName("milepost")
        for name, value in settings.items():
            builder = builder.config(name, value)
        try:
            spark = builder.getOrCreate()
        except Exception as error:
            raise refuse("spark-refused", place, setting=SETTING, why=type(error).__name__) from error
        try:
            yield spark
        finally:
            spark.stop()


def has_java() -> bool:
    """Whether Java is where Spark looks for it."""
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java") or (home and (Path(home) / "bin" / "java").exists()))


def stream(frame: nw.LazyFrame) -> Iterator[Any]:
    """Run a frame, and yield its rows as Arrow batches."""
    yield from nw.to_native(frame).toArrow().to_batches(max_chunksize=_BATCH)


def _rows(spark: "SparkSession", source: Source) -> "DataFrame":
    """The files as they are; the columns of a CSV by their places, as text."""
    paths = [_address(path) for path in source.paths]
    if source.kind == "parquet":
        return spark.read.parquet(*paths)
    if source.kind != "csv":
        raise refuse("unknown-source", source.place, kind=source.kind)
    quote = source.csv.get("quote", '"')
    return spark.read.csv(
        paths,
        schema=", ".join(f"c{place} string" for place in range(len(source.columns))),
        sep=source.csv.get("delimiter", ","),
        quote=quote,
        escape=quote,
        encoding=source.csv.get("encoding", "utf-8"),
        header=True,
        multiLine=True,
        mode="FAILFAST",
        maxCharsPerColumn=-1,
    )


def _address(path: str) -> str:
    """A path as Spark takes it: of this machine or as an address, with no sign that means several files."""
    whole = path if "://" in path else f"file://{os.path.realpath(path)}"
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", whole)


def _projected(rows: "DataFrame", source: Source, text: Sequence[str], numbers: Sequence[str]) -> "DataFrame":
    """`t<place>` for every column as it is stored, `n<place>` for every one as a number."""
    from pyspark.sql import functions  # noqa: PLC0415

    kinds = dict(rows.dtypes)
    places = {column: place for place, column in enumerate(source.columns)}

    def cell(column: str) -> "tuple[str, Column]":
        stored = f"c{places[column]}" if source.kind == "csv" else column
        return kinds[stored], functions.col("`" + stored.replace("`", "``") + "`")

    found = []
    for column in text:
        found.append(cell(column)[1].alias(f"t{places[column]}"))
    for column in numbers:
        kind, value = cell(column)
        if kind == "string":
            plain = functions.trim(value)
            if source.csv.get("decimal") == ",":
                plain = functions.replace(plain, functions.lit(","), functions.lit("."))
            value = functions.when(plain.rlike(_NUMBER), plain)  # Spark would take 1d for a number, too
        elif not re.match(r"(tiny|small|big)?int|float|double|decimal|boolean", kind):
            value = functions.lit(None)
        found.append(value.cast("double").alias(f"n{places[column]}"))
    return rows.select(*(found or [functions.lit(1).alias("nothing")]))


def _watch(spark: "SparkSession", cancelled: Callable[[], bool], stop: threading.Event) -> None:
    while not stop.wait(0.2):
        if cancelled():
            spark.sparkContext.cancelAllJobs()  # again and again: the next job may have begun meanwhile


def _is_spark(error: Exception) -> bool:
    """Whether it is one of Spark's own errors, or of the bridge to Java."""
    return type(error).__module__.split(".")[0] in ("pyspark", "py4j")


def _told(error: Exception, source: Source) -> MilepostError:
    """What a person can do about Spark's error, whose own words may quote cells and are not passed on."""
    said = str(error)
    if "OutOfMemoryError" in said:
        return refuse("engine-memory", source.place)
    if "No space left" in said:
        return refuse("engine-disk", source.place, folder=tempfile.gettempdir())
    if re.search(r"Connection refused|SparkContext was shut down|Answer from Java side is empty", said):
        return refuse("spark-refused", source.place, setting=SETTING, why="the connection ended")
    return refuse("microdata-unreadable", Origin(source.place))
