"""The queue: nothing lost, nothing done twice at once, everything can be stopped and tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from huiyin.server.foundation.jobs import registry
from huiyin.server.foundation.jobs.alone import join_servers, leave_servers
from huiyin.server.foundation.jobs.errors import JobFailed
from huiyin.server.foundation.jobs.models import Job, Schedule
from huiyin.server.foundation.jobs.running import backoff, claim, drain, perform, tick
from huiyin.server.foundation.jobs.selectors import dead_jobs
from huiyin.server.foundation.jobs.services import cancel, enqueue, next_time, schedule, try_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "_KINDS", {})
    return registry.job


def test_a_job_exists_exactly_if_the_change_it_came_with_does(kinds):
    done = []
    kinds("test.count")(lambda run: done.append(run.payload["n"]))

    def change_and_fail():
        with transaction.atomic():
            enqueue("test.count", {"n": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    enqueue("test.count", {"n": 2})
    assert drain() == 1
    assert done == [2]
    assert Job.objects.get().state == Job.State.DONE


def test_what_waits_under_a_key_is_one_job(kinds):
    kinds("test.nothing")(lambda run: None)
    first, second = enqueue("test.nothing", key="a"), enqueue("test.nothing", key="a")
    other = enqueue("test.nothing", key="b")
    assert first.pk == second.pk != other.pk
    assert drain() == 2
    assert enqueue("test.nothing", key="a").pk not in (first.pk, other.pk)


def test_a_failing_job_is_tried_again_later_and_then_listed_as_dead(kinds):
    def fail(run):
        raise ValueError("不行")

    kinds("test.fail", attempts=3)(fail)
    job = enqueue("test.fail")
    for attempt in (1, 2, 3):
        assert drain() == 1
        job.refresh_from_db()
        assert job.attempts == attempt
        if attempt < 3:
            assert job.state == Job.State.WAITING
            assert job.due > timezone.now()
            Job.objects.update(due=timezone.now())
    assert list(dead_jobs()) == [job]
    assert "ValueError" in job.error["zh"]
    assert try_again(job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.WAITING, 0)


def test_a_failure_that_trying_again_cannot_mend_is_dead_at_once(kinds):
    def refuse(run):
        raise JobFailed("没有这个文件", "There is no such file")

    kinds("test.refuse")(refuse)
    job = enqueue("test.refuse")
    drain()
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DEAD, {"zh": "没有这个文件", "en": "There is no such file"})


def test_a_job_nobody_offers_any_more_says_so(kinds):
    enqueue("test.gone")
    drain()
    assert "test.gone" in Job.objects.get(state=Job.State.DEAD).error_text


def test_one_of_two_workers_gets_a_job(kinds):
    kinds("test.nothing")(lambda run: None)
    enqueue("test.nothing")
    assert claim() is not None
    assert claim() is None


def test_a_killed_workers_job_goes_on_from_its_cursor_and_the_killed_one_cannot_commit(kinds):
    seen = []

    def walk(run):
        start = run.cursor or 0
        seen.append(start)
        for at in range(start, 5):
            run.save_cursor(at + 1)
            if at == 2 and start == 0:
                raise KeyboardInterrupt

    kinds("test.walk")(walk)
    enqueue("test.walk")
    job = claim()
    with pytest.raises(KeyboardInterrupt):
        perform(job)
    assert claim() is None
    Job.objects.update(lease=timezone.now() - timedelta(seconds=1))
    again = claim()
    perform(job)  # The one that was thought dead: it notices at its first step.
    assert Job.objects.get().state == Job.State.RUNNING
    perform(again)
    assert seen == [0, 3]
    assert Job.objects.get().state == Job.State.DONE


def test_a_person_stops_a_waiting_and_a_running_job(kinds):
    steps = []

    def long(run):
        for at in range(10):
            steps.append(at)
            if at == 1:
                cancel(run.job)
            run.check()

    kinds("test.long")(long)
    waiting = enqueue("test.long", due=timezone.now() + timedelta(hours=1))
    cancel(waiting)
    running = enqueue("test.long")
    drain()
    assert set(Job.objects.values_list("pk", "state")) == {(waiting.pk, "cancelled"), (running.pk, "cancelled")}
    assert steps == [0, 1]


def test_a_timetable_makes_up_for_missed_times_once(kinds):
    done = []
    kinds("test.often")(lambda run: done.append(1))
    schedule("test.often", "*/5 * * * *", key="x")
    assert tick() == 0
    Schedule.objects.update(next_due=timezone.now() - timedelta(days=1))
    assert tick() == 1
    assert tick() == 0
    drain()
    assert done == [1]
    assert Schedule.objects.get().next_due > timezone.now()


def test_a_timetable_that_cannot_be_read_is_refused():
    with pytest.raises(JobFailed) as refused:
        next_time("every now and then")
    assert "every now and then" in refused.value.message_zh


def test_waiting_grows_up_to_an_hour():
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 30)] == [5, 10, 20, 3600]


def test_a_server_knows_whether_it_is_the_only_one():
    try:
        assert join_servers()
        # SQLite has one process by design; on PostgreSQL the one that is there is seen.
        assert join_servers() == (connection.vendor == "sqlite")
    finally:
        leave_servers()
    assert join_servers()
    leave_servers()
