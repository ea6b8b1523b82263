from tests.spark import _spark_runs_once, spark

__all__ = ["_spark_runs_once", "spark"]
