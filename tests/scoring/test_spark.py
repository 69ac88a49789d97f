"""A real standalone cluster on this machine, one master and two workers: the same bits, and nothing lost with a worker."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hoakscheck import FrameError
from hoakscheck.scoring import score_files

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'hoakscheck[spark]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, and there is none on the PATH"),
    pytest.mark.filterwarnings("ignore"),  # of pyspark itself
]

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 60
HOME = Path(pyspark.__file__).parent


class Cluster:
    """A master and workers, each a process group of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = os.environ | {
            "SPARK_HOME": str(HOME),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(folder / "local"),
            "SPARK_DAEMON_MEMORY": "256m",
            "PYSPARK_PYTHON": sys.executable,
        }
        self._processes = []
        log = self._start(
            "master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"
        )
        self.url = self._wait_for(log, r"Starting Spark master at (spark://\S+)")
        self.workers = [self.add_worker(name) for name in ("first", "second")]

    def add_worker(self, name):
        log = self._start(
            name, "org.apache.spark.deploy.worker.Worker", self.url, "--host", "127.0.0.1", "--cores", "2", "--memory", "1g",
            "--work-dir", self.folder / name, "--webui-port", "0",
        )  # fmt: skip
        self._wait_for(log, "Successfully registered with master")
        return self._processes[-1]

    def _start(self, name, kind, *arguments):
        log = self.folder / f"{name}.log"
        command = [HOME / "bin" / "spark-class", kind, *arguments]
        with log.open("wb") as stream:
            process = subprocess.Popen(
                list(map(str, command)), stdout=stream, stderr=subprocess.STDOUT, env=self.environment, start_new_session=True
            )
        self._processes.append(process)
        return log

    def _wait_for(self, log, pattern):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if found := re.search(pattern, log.read_text()):
                return found[found.re.groups and 1]
            time.sleep(0.2)
        raise AssertionError(f"{pattern} is not in {log.read_text()[-2000:]}")

    def kill(self, process):
        """End a worker and its executor as a machine that fails does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self):
        for process in reversed(self._processes):
            self.kill(process)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def spark(cluster):
    from pyspark.sql import SparkSession

    os.environ |= {name: cluster.environment[name] for name in ("SPARK_LOCAL_IP", "PYSPARK_PYTHON", "SPARK_LOCAL_DIRS")}
    session = (
        SparkSession.builder.master(cluster.url)
        .config("spark.cores.max", "2")  # one on each worker, and as many left for another application
        .config("spark.executor.memory", "512m")
        .config("spark.driver.memory", "512m")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def posts(tiny_texts, tmp_path_factory):
    """Return a Parquet file of 6,300 posts, every hundredth without a text."""
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path_factory.mktemp("posts") / "posts.parquet"
    rows = [
        {
            "id": number,
            "tags": ["pilkada"],
            "text": None if number % 100 == 99 else f"{tiny_texts[number % len(tiny_texts)]} {number}",
        }
        for number in range(6_300)
    ]
    parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=500)
    return path


@pytest.fixture(scope="module")
def local(posts, tiny_model, read):
    """Return what the local engine makes of the same file."""
    scored = posts.with_name("local.parquet")
    score_files(posts, scored, model=tiny_model, explain=True)
    # Files number their bad rows, which the partitions of a cluster cannot.
    return [row | {"error": row["error"] and row["error"].removeprefix(f"row {row['id'] + 1} ")} for row in read(scored)]


def _collected(frame):
    return [row.asDict(recursive=True) for row in frame.orderBy("id").collect()]


def test_results_equal_those_of_the_local_engine_bit_for_bit(spark, posts, local, tiny_model):
    from hoakscheck.scoring.spark import score

    assert _collected(score(spark.read.parquet(str(posts)), model=tiny_model, explain=True, partitions=8)) == local


def test_what_is_known_beside_the_text_decides_there_too(spark, tiny_model):
    from hoakscheck.scoring import score_partition
    from hoakscheck.scoring.spark import score

    rows = [
        {"id": 1, "text": "Bupati Rawit meninjau jembatan", "paid": True, "who": "party"},
        {"id": 2, "text": "Bupati Rawit meninjau jembatan", "paid": None, "who": None},
        {"id": 3, "text": "Bupati Rawit meninjau jembatan", "paid": False, "who": "kpu"},
    ]
    frame = spark.createDataFrame([tuple(row.values()) for row in rows], "id int, text string, paid boolean, who string")
    asked = {"context_columns": {"is_paid": "paid", "account_type": "who"}, "model": tiny_model}
    found = _collected(score(frame, **asked))
    assert found == list(score_partition(rows, **asked))
    assert [row["basis"] for row in found] == ["text_and_context", "text_only", None]


def test_the_columns_have_types(spark, posts, tiny_model):
    from hoakscheck.scoring.spark import score

    frame = score(spark.read.parquet(str(posts)), model=tiny_model)
    assert dict(frame.dtypes[3:]) == {
        "label": "string", "probability": "double", "p_hoax": "double", "p_political_ad": "double", "p_benign": "double",
        "needs_review": "boolean", "review_reasons": "string", "model": "string", "model_digest": "string", "error": "string",
    }  # fmt: skip


def test_an_unusable_row_says_why_and_fails_nothing(spark, tiny_model):
    from hoakscheck.scoring.spark import score

    frame = spark.createDataFrame([(1, b"halo"), (2, b"caf\xe9"), (3, None)], "id int, text binary")
    rows = _collected(score(frame, model=tiny_model))
    assert [(row["needs_review"], row["error"]) for row in rows] == [
        (True, None),
        (True, "is no valid UTF-8"),
        (True, "has no 'text'"),
    ]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ("id int, body string", "has no column 'text'; it has 'id', 'body'"),
        ("id int, text int", "has integer instead of texts in 'text'"),
        ("label string, text string", "has a column 'label', which scoring adds"),
    ],
)
def test_a_frame_that_cannot_be_scored_is_refused_before_any_job(spark, tiny_model, columns, reason):
    from hoakscheck.scoring.spark import score

    with pytest.raises(FrameError, match=reason):
        score(spark.createDataFrame([], columns), model=tiny_model)


def test_a_library_that_is_missing_is_named_with_the_extra_that_brings_it(spark, tiny_model, monkeypatch):
    from hoakscheck import MissingExtraError
    from hoakscheck.scoring import spark as engine

    monkeypatch.setattr(engine, "find_spec", lambda name: None if name == "pandas" else name)
    with pytest.raises(MissingExtraError, match=r"Spark needs pandas: pip install 'hoakscheck\[spark\]'"):
        engine.score(spark.createDataFrame([], "text string"), model=tiny_model)


def test_skew_and_small_files_are_dealt_out_evenly(spark, posts, tiny_model, tmp_path):
    from pyspark.sql.functions import spark_partition_id

    from hoakscheck.scoring.spark import score

    spark.read.parquet(str(posts)).limit(300).repartition(60).write.parquet(str(tmp_path / "small"))
    uneven = spark.read.parquet(str(posts)).coalesce(1).union(spark.read.parquet(str(tmp_path / "small")))
    frame = score(uneven, model=tiny_model, partitions=6)
    sizes = [row["count"] for row in frame.groupBy(spark_partition_id()).count().collect()]
    assert (len(sizes), sum(sizes)) == (6, 6_600)
    assert max(sizes) - min(sizes) <= 60


def test_the_example_runs_under_spark_submit(cluster, posts, tiny_model, tmp_path, read):
    command = [
        HOME / "bin" / "spark-submit", "--master", cluster.url, "--executor-memory", "512m", "--conf", "spark.ui.enabled=false",
        "--conf", "spark.cores.max=1", ROOT / "examples" / "score_on_spark.py", posts, tmp_path / "scored", "--model", tiny_model,
        "--partitions", "4",
    ]  # fmt: skip
    done = subprocess.run(
        list(map(str, command)), env=cluster.environment, capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search(r"6,300 rows in [\d.]+ s: [\d,]+ need review, 63 bad -> ", done.stdout)


def test_a_worker_killed_in_mid_job_loses_nothing(spark, cluster, posts, local, tiny_model, tmp_path):
    from hoakscheck.scoring.spark import score

    frame = score(spark.read.parquet(str(posts)), model=tiny_model, explain=True, partitions=24)
    killed = []

    def slowly(batches):
        for batch in batches:
            time.sleep(0.5)  # so that the job is still under way when its worker dies
            yield batch

    def kill_when_busy():
        tracker, end = spark.sparkContext.statusTracker(), time.monotonic() + START_SECONDS
        while not killed and time.monotonic() < end:
            stages = filter(None, map(tracker.getStageInfo, tracker.getActiveStageIds()))
            killed.extend(stage.numCompletedTasks for stage in stages if stage.numTasks == 24 and 2 <= stage.numCompletedTasks < 20)
            time.sleep(0.05)
        cluster.kill(cluster.workers[0])

    killer = threading.Thread(target=kill_when_busy)
    killer.start()
    frame.mapInArrow(slowly, frame.schema).write.parquet(str(tmp_path / "scored"))
    killer.join()
    assert killed, "the job was over before a worker could be killed"
    assert _collected(spark.read.parquet(str(tmp_path / "scored"))) == local
