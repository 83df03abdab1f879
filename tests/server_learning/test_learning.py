"""Corrections become a model: scored, decided by a person, read with, gone back from; killed anywhere, old or new is whole."""

from __future__ import annotations

import pytest

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.running import drain
from huiyin.server.understand.learning import jobs as learning_jobs
from huiyin.server.understand.learning.child import train
from huiyin.server.understand.learning.lessons import lessons_of
from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.learning.services import LearningRefused, candidate_decline, model_use, training_start, written
from huiyin.server.understand.reading.services import model_folder, models_folder, reading_setup

KNOWN_GOOD, KNOWN_BAD = ["香麻了", "直接封神", "yyds", "狠狠拿捏住了"], ["直接摆烂", "智商税无疑", "拉胯得一塌糊涂"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def trained(spoken, correct, lead, monkeypatch):
    """A candidate out of right corrections."""
    monkeypatch.setattr(learning_jobs, "train_apart", lambda task, check: train(task))
    assert correct(spoken) > 200
    training_start(lead)
    drain()
    return Candidate.objects.get()


def read_right(facts, meant) -> int:
    rows = facts.query("SELECT feedback_id, polarity FROM opinion WHERE start = 0").to_pylist()
    return sum(meant[row["feedback_id"]] == row["polarity"] for row in rows)


def test_a_good_training_is_offered_with_its_score_and_preview(trained, client):
    assert (trained.state, trained.verdict) == ("ready", "better")
    score = trained.outcome["polarity"]
    assert score["after"] > score["before"]
    assert trained.preview["sample"] == 300
    assert trained.preview["opinions"]["polarity"] > 0
    page = client.get("/learning/").content.decode()
    for said in ("确有改善", "换上新模型", trained.version, "哪些话会读得不一样"):
        assert said in page


def test_the_same_corrections_are_not_trained_twice(trained, lead):
    assert training_start(lead) == trained
    assert Candidate.objects.count() == 1


def test_mislabelled_corrections_are_refused(speak, correct, lead, client, monkeypatch):
    monkeypatch.setattr(learning_jobs, "train_apart", lambda task, check: train(task))
    # What the shipped model reads rightly, and customers never learnt from say so; all others are corrected to the contrary.
    correct(speak(KNOWN_GOOD, KNOWN_BAD), wrong=lambda unit: unit % 10 >= 3)
    training_start(lead)
    drain()
    found = Candidate.objects.get()
    assert found.state == "refused"
    assert found.data is None
    with pytest.raises(LearningRefused):
        model_use(lead, found)
    assert reading_setup().model == ""
    assert "换上新模型" not in client.get("/learning/").content.decode()


def test_once_taken_it_reads_what_comes_and_history_by_a_job_and_corrections_stay(trained, lead, client, facts, spoken):
    from huiyin.server.collect.feedback.services import take
    from huiyin.server.collect.sources.entries import entry_of
    from huiyin.server.collect.sources.models import Source
    from huiyin.server.understand.reading.writer import drain_inbox

    before = facts.corrections()
    client.post(f"/learning/{trained.pk}/accept/")
    assert reading_setup().model == trained.version
    take(Source.objects.get().pk, [entry_of({"external_id": "new", "text": "玻璃打爆同价位"})])
    drain_inbox()
    new = facts.query("SELECT polarity, text_version FROM opinion WHERE labelled_by = 'machine' AND text_version LIKE ?", [f"{trained.version}%"])
    assert new["polarity"].to_pylist() == [1]
    human = "SELECT feedback_id, polarity FROM opinion WHERE labelled_by LIKE 'human:%' ORDER BY feedback_id"
    people = facts.query(human).to_pylist()
    client.post("/learning/reread/")
    drain()
    assert Job.objects.get(kind="reading.reread").state == "done"
    assert set(facts.query("SELECT DISTINCT text_version FROM feedback")["text_version"].to_pylist()) == {new["text_version"][0].as_py()}
    assert facts.query(human).to_pylist() == people
    assert facts.corrections() == before
    client.post("/learning/back/", {"candidate": ""})
    assert (reading_setup().model, Candidate.objects.get().state) == ("", "former")
    client.post("/learning/reread/")
    drain()
    assert not any(trained.version in one for one in facts.query("SELECT DISTINCT text_version FROM feedback")["text_version"].to_pylist())
    client.post("/learning/back/", {"candidate": str(trained.pk)})
    assert reading_setup().model == trained.version


def test_declining_leaves_everything(trained, lead):
    candidate_decline(lead, trained)
    assert reading_setup().model == ""
    with pytest.raises(LearningRefused):
        model_use(lead, trained)


def test_killed_in_the_middle_of_a_training_nothing_changed_and_it_begins_again(spoken, correct, lead, monkeypatch):
    correct(spoken)
    training_start(lead)

    def killed(task, check):
        raise KeyboardInterrupt

    monkeypatch.setattr(learning_jobs, "train_apart", killed)
    with pytest.raises(KeyboardInterrupt):
        drain()
    assert (Candidate.objects.get().state, reading_setup().model) == ("training", "")
    Job.objects.update(lease=None)
    monkeypatch.setattr(learning_jobs, "train_apart", lambda task, check: train(task))
    drain()
    assert Candidate.objects.get().state == "ready"


def test_killed_while_the_file_is_written_the_old_model_is_in_use_and_the_rest_is_swept(trained, lead, monkeypatch):
    from huiyin.server.understand.learning import services
    from huiyin.server.understand.learning.lifespan import start

    def killed(fileno):
        raise SystemExit

    # As a kill leaves it: half made, and the sweeping up did not run.
    monkeypatch.setattr(services.os, "fsync", killed)
    monkeypatch.setattr(services.shutil, "rmtree", lambda *args, **more: None)
    with pytest.raises(SystemExit):
        model_use(lead, trained)
    monkeypatch.undo()
    assert reading_setup().model == ""
    assert list(models_folder().glob(".making-*"))
    start()
    assert not list(models_folder().glob(".making-*"))
    model_use(lead, trained)
    assert (models_folder() / trained.version / "heads.npz").read_bytes() == bytes(trained.data)


def test_a_lost_file_comes_back_out_of_the_state(trained, lead):
    import shutil

    from huiyin.server.understand.learning.lifespan import start

    model_use(lead, trained)
    shutil.rmtree(model_folder())
    start()
    assert written(trained).is_dir()


def test_the_process_trains_as_this_one_does(spoken, correct, lead):
    correct(spoken)
    training_start(lead)
    drain()
    apart = Candidate.objects.get()
    from huiyin.server.understand.learning.child import Task
    from huiyin.server.understand.learning.lessons import BACKGROUND, SAMPLE, sample_of
    from huiyin.server.understand.reading.facts import facts_store

    lessons = lessons_of(facts_store())
    background = [text for _, text in sample_of(facts_store(), "background", BACKGROUND, sorted({one.feedback_id for one in lessons}))]
    here = train(Task(lessons, "general", "", background, sample_of(facts_store(), "preview", SAMPLE, [])))
    assert (here.version, here.verdict, here.data) == (apart.version, apart.verdict, bytes(apart.data))


def test_a_training_that_gave_up_does_not_keep_the_next_from_starting(spoken, correct, lead, monkeypatch):
    correct(spoken)
    first = training_start(lead)

    def broken(task, check):
        raise RuntimeError("the database was away")

    monkeypatch.setattr(learning_jobs, "train_apart", broken)
    # Kills count as attempts; then one ordinary error ends the job.
    Job.objects.update(attempts=4)
    drain()
    first.refresh_from_db()
    assert (Job.objects.get().state, first.state) == ("dead", "failed")
    assert training_start(lead) != first


def test_a_training_that_no_job_is_at_ends_with_the_next_start(spoken, correct, lead):
    from huiyin.server.understand.learning.lifespan import start

    correct(spoken)
    made = training_start(lead)
    start()
    made.refresh_from_db()
    assert made.state == "training"
    Job.objects.update(state=Job.State.DEAD)
    start()
    made.refresh_from_db()
    assert made.state == "failed"


def test_a_reading_again_that_was_killed_knows_how_much_there_is(spoken, lead, monkeypatch):
    from huiyin.server.understand.reading import jobs as reading_jobs
    from huiyin.server.understand.reading.rereading import Selection, reread_rows

    reading_jobs.reread(Selection(older_than="another"), user=lead)
    monkeypatch.setattr(reading_jobs, "_ROWS", 100)
    read = []

    def killed_later(rows, *more):
        if len(read) == 2:
            raise KeyboardInterrupt
        reread_rows(rows, *more)
        read.append(len(rows))
        # What was read is no longer in the selection.
        Inbox.objects.filter(pk__in=[row.pk for row in rows]).update(text_version="another")

    monkeypatch.setattr(reading_jobs, "reread_rows", killed_later)
    with pytest.raises(KeyboardInterrupt):
        drain()
    Job.objects.update(lease=None)
    monkeypatch.setattr(reading_jobs, "reread_rows", reread_rows)
    drain()
    job = Job.objects.get()
    assert (job.state, job.progress) == ("done", {"done": 300, "total": 300})


def test_what_is_disputed_or_taken_back_teaches_nothing(facts, lead):
    from huiyin.server.understand.review.services import answer, next_item, undo
    from huiyin.simulate.planted import Plan, draw

    facts.append(*draw(Plan(seed=4, voices=200, customers=150)).tables())
    item = next_item(lead)
    answer(lead, item, -1, "")
    assert [one.feedback_id for one in lessons_of(facts)] == [item.feedback_id]
    undo(lead)
    assert lessons_of(facts) == []


def test_an_erased_customer_is_in_no_preview(trained):
    from huiyin.server.understand.learning.forgetting import forget

    gone = trained.preview["examples"][0]["id"]
    found = forget("c", [gone])["training_examples"]
    trained.refresh_from_db()
    assert found >= 1
    assert gone not in {one["id"] for one in trained.preview["examples"]}


def test_a_killed_training_process_is_no_verdict_and_is_tried_again():
    import multiprocessing
    import os
    import signal

    from huiyin.server.foundation.jobs.errors import JobFailed
    from huiyin.server.understand.learning.child import Task
    from huiyin.server.understand.learning.process import train_apart
    from tests.text.test_teaching import planted

    def kill() -> None:
        for one in multiprocessing.active_children():
            if one.name == "huiyin-training" and one.pid:
                os.kill(one.pid, signal.SIGKILL)

    with pytest.raises(JobFailed) as failure:
        train_apart(Task(planted(count=2000), "general", "", [], []), kill)
    assert not failure.value.permanent


def test_only_what_may_be_decided_is_offered(facts, client):
    from django.test import Client

    from tests.server.world import person

    product = Client()
    product.force_login(person("product"))
    assert "用改正训练" in client.get("/learning/").content.decode()
    assert "用改正训练" not in product.get("/learning/").content.decode()


def test_a_program_takes_a_training_into_use_and_goes_back(trained, lead, client):
    client.force_login(lead)
    told = client.get("/api/v1/learning").json()
    assert (told["in_use"], told["candidate"]["id"], told["candidate"]["state"]) == (None, trained.pk, "ready")
    assert {one["name"] for one in told["candidate"]["scores"]} >= {"情感"}
    assert client.post("/api/v1/learning/train").json()["id"] == trained.pk
    assert client.post(f"/api/v1/learning/models/{trained.pk}/use").json()["state"] == "active"
    assert reading_setup().model == trained.version
    assert client.post(f"/api/v1/learning/models/{trained.pk}/decline").status_code == 409
    job = client.post("/api/v1/learning/reread").json()["job"]
    assert client.post("/api/v1/learning/reread").json()["job"] == job
    assert client.post("/api/v1/learning/shipped").json()["in_use"] is None
    assert [one["state"] for one in client.get("/api/v1/learning/models").json()] == ["former"]
