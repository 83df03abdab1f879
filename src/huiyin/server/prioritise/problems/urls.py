"""Addresses of the problem list."""

from django.urls import path

from huiyin.server.prioritise.problems.views import changing, comparing, listing, one, talking

app_name = "problems"
urlpatterns = [
    path("", listing.problems, name="list"),
    path("news/", listing.news, name="news"),
    path("export/<str:kind>/", listing.export, name="export"),
    path("days/", listing.on_day, name="day"),
    path("compare/", comparing.compare, name="compare"),
    path("plan/", comparing.planned, name="plan"),
    path("<str:problem_id>/", one.problem, name="problem"),
    path("<str:problem_id>/why/", listing.why_there, name="why"),
    path("<str:problem_id>/wall/", one.evidence_wall, name="wall"),
    path("<str:problem_id>/table/<str:part>/", one.table, name="table"),
    path("<str:problem_id>/picture/<str:part>/", one.picture, name="picture"),
    path("<str:problem_id>/pin/", changing.pin, name="pin"),
    path("<str:problem_id>/snooze/", changing.snooze, name="snooze"),
    path("<str:problem_id>/wake/", changing.wake, name="wake"),
    path("<str:problem_id>/rename/", changing.rename, name="rename"),
    path("<str:problem_id>/merge/", changing.merge, name="merge"),
    path("<str:problem_id>/unmerge/", changing.unmerge, name="unmerge"),
    path("<str:problem_id>/ways/", changing.ways, name="ways"),
    path("<str:problem_id>/split/", changing.split, name="split"),
    path("<str:problem_id>/define/", changing.define, name="define"),
    path("<str:problem_id>/comment/", talking.comment, name="comment"),
    path("<str:problem_id>/follow/", talking.follow, name="follow"),
    path("<str:problem_id>/links/", talking.add_link, name="add_link"),
    path("<str:problem_id>/links/<int:number>/remove/", talking.remove_link, name="remove_link"),
]
