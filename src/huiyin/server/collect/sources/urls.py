"""Addresses of sources."""

from django.urls import path

from huiyin.server.collect.sources.views import boxes, calls, hooks, manual, setting_up, uploading, watching

app_name = "sources"
urlpatterns = [
    path("", watching.monitor, name="monitor"),
    path("add/", setting_up.add, name="add"),
    path("add/<slug:kind>/", setting_up.make, name="make"),
    path("upload/", uploading.upload, name="upload"),
    path("upload/<int:number>/", uploading.columns, name="columns"),
    path("upload/calls/<int:number>/", calls.upload, name="calls"),
    path("upload/calls/<int:number>/look/", calls.look, name="calls_look"),
    path("write/", manual.write_down, name="manual"),
    path("runs/<int:number>/", watching.run, name="run"),
    path("runs/<int:number>/cancel/", watching.run_stop, name="run_stop"),
    path("hooks/<slug:key>/", hooks.push, name="hook"),
    path("box/<str:address>/", boxes.box, name="box"),
    path("box/<str:address>/thanks/", boxes.box_thanks, name="box_thanks"),
    path("<int:number>/codes/", boxes.codes, name="codes"),
    path("<int:number>/code.<slug:kind>", boxes.code, name="code"),
    path("<int:number>/", watching.source, name="source"),
    path("<int:number>/set-up/", setting_up.change, name="change"),
    path("<int:number>/test/", setting_up.test, name="test"),
    path("<int:number>/preview/", setting_up.preview, name="preview"),
    path("<int:number>/run/", watching.run_now, name="run_now"),
    path("<int:number>/switch/", setting_up.switch, name="switch"),
    path("<int:number>/rejects/", watching.rejects, name="rejects"),
    path("<int:number>/rejects/export/", watching.rejects_export, name="rejects_export"),
    path("<int:number>/rejects/again/", watching.rejects_again, name="rejects_again"),
]
