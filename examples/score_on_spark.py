"""Score files on a Spark cluster.

spark-submit --master spark://HOST:7077 examples/score_on_spark.py posts/ scored/ --partitions 200

Every machine needs Python with hoakscheck[spark]; set PYSPARK_PYTHON to it, or workers take the system's Python. The model need
only be where this script runs. An output folder that exists is not replaced.
"""

from __future__ import annotations

import argparse
import time
from pathlib import PurePath

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, count_if

from hoakscheck.scoring.spark import score


def read(spark: SparkSession, place: str) -> DataFrame:
    """Read Parquet, CSV or JSON lines by the ending of the name; a folder without one is Parquet."""
    ending = PurePath(place.removesuffix(".gz")).suffix
    if ending == ".csv":
        return spark.read.csv(place, header=True, multiLine=True, escape='"')
    if ending in {".jsonl", ".ndjson"}:
        return spark.read.json(place)
    return spark.read.parquet(place)


def main() -> None:
    """Score one place into another and print what it came to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--model", help="name, name@version or folder, on this machine")
    parser.add_argument("--partitions", type=int, help="deal the rows out evenly first: two to four times the cores of the cluster")
    options = parser.parse_args()
    spark = SparkSession.builder.appName("hoakscheck").getOrCreate()
    began = time.monotonic()
    scored = score(read(spark, options.source), options.text_column, model=options.model, partitions=options.partitions)
    scored.write.parquet(options.target)
    written = spark.read.parquet(options.target)
    rows, bad, review = written.agg(
        count_if(col("label").isNotNull() | col("error").isNotNull()),
        count_if(col("error").isNotNull()),
        count_if(col("needs_review") & col("error").isNull()),
    ).first()
    print(f"{rows:,} rows in {time.monotonic() - began:.1f} s: {review:,} need review, {bad:,} bad -> {options.target}")
    spark.stop()


if __name__ == "__main__":
    main()
