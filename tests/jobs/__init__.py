"""Jobs for the tests of the runner, which finds them as it finds those of an app: ``tests.follow_script``."""
