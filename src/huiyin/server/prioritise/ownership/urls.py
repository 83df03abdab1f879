"""Addresses of ownership."""

from django.urls import path

from huiyin.server.prioritise.ownership.views import claims, mapping, queues

app_name = "ownership"
urlpatterns = [
    path("", mapping.tree, name="map"),
    path("nodes/<str:node_id>/", mapping.node, name="node"),
    path("nodes/<str:node_id>/line/", mapping.line, name="line"),
    path("lines/<int:line_id>/remove/", mapping.remove, name="remove"),
    path("settings/", mapping.settings, name="settings"),
    path("queue/", queues.queue, name="queue"),
    path("seen/", queues.seen, name="seen"),
    path("handed/", queues.handed, name="handed"),
    path("mine/", queues.mine, name="mine"),
    path("teams/<int:team_id>/", queues.team, name="team"),
    path("export/<slug:name>.<slug:kind>", queues.export, name="export"),
    path("problems/<str:problem_id>/", claims.problem, name="problem"),
    path("problems/<str:problem_id>/assign/", claims.assign, name="assign"),
    path("problems/<str:problem_id>/accept/", claims.accept, name="accept"),
    path("problems/<str:problem_id>/reject/", claims.reject, name="reject"),
    path("problems/<str:problem_id>/decide/", claims.decide, name="decide"),
]
