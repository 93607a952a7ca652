"""Airflow as people operate it, against an installation of its own; a package so that its tests share both."""
